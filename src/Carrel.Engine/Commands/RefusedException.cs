using Carrel.Instances.Specs;

namespace Carrel.Engine.Commands;

/// <summary>What kind of refusal it is; the API turns it into a status.</summary>
public enum RefusalKind
{
    /// <summary>The request is wrong: 400.</summary>
    Invalid,

    /// <summary>The request does not fit what is there: 409.</summary>
    Conflict,

    /// <summary>What it names does not exist: 404.</summary>
    NotFound,

    /// <summary>The condition of the request is not met: 412.</summary>
    PreconditionFailed,

    /// <summary>It is not this caller's to do, whatever roles say: 403.</summary>
    Forbidden,
}

/// <summary>A command was refused; nothing of it happened.</summary>
public sealed class RefusedException : Exception
{
    /// <summary>Refuses with one finding.</summary>
    public RefusedException(RefusalKind kind, string code, string message, string? target = null)
        : this(kind, [new Finding(code, message, target ?? "")]) { }

    /// <summary>Refuses with every finding; the first is the main one.</summary>
    public RefusedException(RefusalKind kind, IReadOnlyList<Finding> findings) : base(findings[0].Message)
    {
        Kind = kind;
        Findings = findings;
    }

    /// <summary>What kind of refusal it is.</summary>
    public RefusalKind Kind { get; }

    /// <summary>Every finding, the main one first.</summary>
    public IReadOnlyList<Finding> Findings { get; }
}
