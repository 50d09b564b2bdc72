namespace Carrel.Engine.Storage;

/// <summary>The row of an instance cannot be read: it is damaged, or was written by something else.</summary>
public sealed class UnreadableInstanceException(Guid instanceUid, Exception inner)
    : Exception($"The stored row of instance {instanceUid:D} cannot be read: {inner.Message}", inner)
{
    /// <summary>The instance.</summary>
    public Guid InstanceUid { get; } = instanceUid;
}
