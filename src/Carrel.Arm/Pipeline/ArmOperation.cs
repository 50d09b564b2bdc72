namespace Carrel.Arm.Pipeline;

/// <summary>One operation of the API description. It names the action that is authorised before its handler runs; an operation without one is an exception that has to be made by name.</summary>
public sealed record ArmOperation
{
    /// <summary>An operation that needs an action.</summary>
    /// <param name="name">Its name in the description, such as <c>Compute_CreateOrUpdate</c>; the handler's method bears the same.</param>
    /// <param name="method">HTTP method.</param>
    /// <param name="pattern">Route pattern; literals compare ignoring case.</param>
    /// <param name="action">The action that is authorised at the resource's scope.</param>
    /// <param name="handler">Answers the request.</param>
    public ArmOperation(string name, string method, string pattern, string action, Func<ArmRequest, Task<ArmResult>> handler)
        : this(name, method, pattern, handler)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(action);
        Action = action;
    }

    private ArmOperation(string name, string method, string pattern, Func<ArmRequest, Task<ArmResult>> handler) =>
        (Name, Method, Pattern, Handler) = (name, method, pattern, handler);

    /// <summary>Its name in the description.</summary>
    public string Name { get; }

    /// <summary>HTTP method.</summary>
    public string Method { get; }

    /// <summary>Route pattern.</summary>
    public string Pattern { get; }

    /// <summary>The action that is authorised; null only for what <see cref="Open"/> made.</summary>
    public string? Action { get; }

    /// <summary>Why any authenticated caller may ask; null when an action is needed.</summary>
    public string? OpenBecause { get; private init; }

    /// <summary>Answers the request.</summary>
    public Func<ArmRequest, Task<ArmResult>> Handler { get; }

    /// <summary>Asked before the action: true for callers who may do this without it, such as the owner of an instance (contract 3.6). Null for nobody.</summary>
    public Func<ArmRequest, Task<bool>>? AllowsAnyway { get; init; }

    /// <summary>Whether it may change something: refusals of it are written down one by one.</summary>
    public bool IsWrite => Method is not ("GET" or "HEAD");

    /// <summary>An operation that every authenticated caller may ask. The reason is part of the reviewed list of exceptions.</summary>
    public static ArmOperation Open(string name, string method, string pattern, string because, Func<ArmRequest, Task<ArmResult>> handler)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(because);
        return new ArmOperation(name, method, pattern, handler) { OpenBecause = because };
    }
}
