using NodaTime;

namespace Carrel.Instances.Lifecycle;

/// <summary>Word of <c>lastOperation.operationName</c> (contract 1.5).</summary>
public enum OperationName
{
    /// <summary>Creation.</summary>
    Create,

    /// <summary>Start.</summary>
    Start,

    /// <summary>Stop.</summary>
    Stop,

    /// <summary>Restart.</summary>
    Restart,

    /// <summary>Resize; never reached here.</summary>
    Resize,

    /// <summary>Reimage.</summary>
    Reimage,

    /// <summary>Deletion.</summary>
    Delete,
}

/// <summary>Word of <c>lastOperation.operationTrigger</c> (contract 1.5).</summary>
public enum OperationTrigger
{
    /// <summary>Somebody asked.</summary>
    User,

    /// <summary>A schedule fired.</summary>
    Schedule,

    /// <summary>The instance was idle.</summary>
    IdleShutdown,
}

/// <summary>How the last operation stands.</summary>
public enum LastOperationOutcome
{
    /// <summary>Going on.</summary>
    InProgress,

    /// <summary>Ended well.</summary>
    Succeeded,

    /// <summary>Failed; the wire says <c>CreateFailed</c>, <c>StartFailed</c> and so on.</summary>
    Failed,
}

/// <summary>The instance's last operation (contract 1.5).</summary>
/// <param name="Name">Which operation.</param>
/// <param name="Outcome">How it stands.</param>
/// <param name="Trigger">What caused it.</param>
/// <param name="Time">Instant of the last change of <paramref name="Outcome"/>.</param>
public sealed record LastOperation(OperationName Name, LastOperationOutcome Outcome, OperationTrigger Trigger, Instant Time)
{
    /// <summary>Word of <c>operationStatus</c>: <c>InProgress</c>, <c>Succeeded</c> or the operation's name with <c>Failed</c>.</summary>
    public string StatusWord => Outcome == LastOperationOutcome.Failed ? Name + "Failed" : Outcome.ToString();
}
