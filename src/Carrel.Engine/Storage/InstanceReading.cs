using Carrel.Instances.Resources;

namespace Carrel.Engine.Storage;

/// <summary>Reading of instances by those who look after many at once.</summary>
internal static class InstanceReading
{
    /// <summary>The instance of a unique id; null when it is gone, or when its row cannot be read: one that is damaged harms no other.</summary>
    internal static ComputeInstance? FindReadableInstance(this IEngineView view, Guid uid)
    {
        try
        {
            return view.FindInstance(uid);
        }
        catch (UnreadableInstanceException)
        {
            return null;
        }
    }
}
