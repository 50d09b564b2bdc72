using Carrel.Engine.Storage;
using Carrel.Instances.Notices;
using Carrel.Instances.Resources;
using NodaTime;

namespace Carrel.Engine.Notices;

/// <summary>
/// What a dismissal or snooze changes beside the notice, for kinds whose deadline is worked out from something else: of an idle stop it moves the begin of
/// idleness (contract 4.5). Registered as a service; called in the transaction of the change.
/// </summary>
public interface INoticeEffect
{
    /// <summary>The kind it is for.</summary>
    NoticeKind Kind { get; }

    /// <summary>The stop was taken back.</summary>
    void Dismissed(IEngineTransaction transaction, ComputeInstance instance, StopNotice notice, Instant now);

    /// <summary>The stop was put off.</summary>
    void Snoozed(IEngineTransaction transaction, ComputeInstance instance, StopNotice notice, int minutes, Instant now);
}
