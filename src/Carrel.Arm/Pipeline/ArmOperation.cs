namespace Carrel.Arm.Pipeline;

/// <summary>One operation of the API description.</summary>
/// <param name="Name">Its name there, such as <c>Compute_CreateOrUpdate</c>; the handler's method bears the same.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Pattern">Route pattern; literals compare ignoring case.</param>
/// <param name="Action">The action that is authorised at the resource's scope; null only where any authenticated caller may ask.</param>
/// <param name="Handler">Answers the request.</param>
public sealed record ArmOperation(string Name, string Method, string Pattern, string? Action, Func<ArmRequest, Task<ArmResult>> Handler)
{
    /// <summary>Asked before the action: true for callers who may do this without it, such as the owner of an instance (contract 3.6). Null for nobody.</summary>
    public Func<ArmRequest, Task<bool>>? AllowsAnyway { get; init; }
}
