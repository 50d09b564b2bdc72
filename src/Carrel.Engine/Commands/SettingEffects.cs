using Carrel.Engine.Idle;
using Carrel.Engine.Notices;
using Carrel.Engine.Storage;
using Carrel.Instances.Specs;

namespace Carrel.Engine.Commands;

/// <summary>What a change of an instance's settings means beside the instance itself, whichever call made it; in the transaction of the change.</summary>
/// <param name="idle">The idle clocks.</param>
public sealed class SettingEffects(IdleClocks idle)
{
    /// <summary>Lets the idle clock follow, and ends the notices of stops that do not come any more.</summary>
    /// <param name="transaction">The transaction that has changed the instance.</param>
    /// <param name="instanceUid">The instance.</param>
    /// <param name="before">Its settings before.</param>
    /// <param name="after">Its settings now.</param>
    /// <param name="who">Who changed them.</param>
    internal void Follow(IEngineTransaction transaction, Guid instanceUid, ComputeInstanceModel before, ComputeInstanceModel after, string who)
    {
        idle.Follow(transaction, instanceUid, before, after, who);
        StopNotices.CloseUnscheduled(transaction, instanceUid, $"Its schedule was changed by {who}.");
    }
}
