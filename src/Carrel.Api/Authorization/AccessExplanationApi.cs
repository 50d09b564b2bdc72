using System.Text.Json.Nodes;
using Carrel.Access.Directory;
using Carrel.Access.Roles;
using Carrel.Arm.Errors;
using Carrel.Arm.Identity;
using Carrel.Arm.Pipeline;

namespace Carrel.Api.Authorization;

/// <summary>Why somebody may or may not do something: Carrel's own question, <c>GET {scope}/providers/Carrel.Access/accessExplanation</c>.</summary>
public sealed class AccessExplanationApi(AccessExplainer explainer, IDirectoryStore directory, IPrincipalDirectory principals, IArmAuthorizer authorizer, InstanceOwnership ownership)
{
    private const string Because = "anybody may ask about themselves; about others, the handler asks for roleAssignments/read";

    /// <summary>The route table.</summary>
    public IEnumerable<ArmOperation> Operations => ScopePatterns.All.Select(scope =>
        ArmOperation.Open("AccessExplanation_Get", "GET", scope + "/providers/Carrel.Access/accessExplanation", Because, AccessExplanation_Get));

    private async Task<ArmResult> AccessExplanation_Get(ArmRequest request)
    {
        string scope = RoleScope.Read(ScopePatterns.Of(request))
            ?? throw new ArmException(400, "InvalidScope", $"'{ScopePatterns.Of(request)}' is no scope.", "scope");
        string action = Action(request.Query("action"));
        Principal principal = await PrincipalAsync(request, scope);
        AccessExplanation explanation = await explainer.ExplainAsync(principal.Id, action, scope, request.Cancellation);
        OwnershipFinding? owner = explanation.Decision.Allowed ? await ownership.FindAsync(principal.Id, action, scope, request.Cancellation) : null;
        return ArmResult.Ok(new JsonObject
        {
            ["principal"] = new JsonObject { ["id"] = principal.Id.ToString("D"), ["name"] = principal.Name, ["type"] = principal.Type?.ToString() },
            ["action"] = action,
            ["scope"] = scope,
            ["allowed"] = explanation.Decision.Allowed && owner is not { IsOwner: false },
            ["reason"] = owner is { IsOwner: false } ? owner.Reason : explanation.Decision.Reason,
            ["groups"] = new JsonArray([.. explanation.Groups.Select(group => JsonValue.Create(group.ToString("D")))]),
            ["assignments"] = new JsonArray([.. explanation.Steps.Select(step => Step(step, action))]),
        });
    }

    private async Task<Principal> PrincipalAsync(ArmRequest request, string scope)
    {
        Caller caller = request.Caller;
        string asked = request.Query("principal") is { Length: > 0 } given ? given : caller.ObjectId.ToString("D");
        if (asked.Equals(caller.Name, StringComparison.OrdinalIgnoreCase) || (Guid.TryParse(asked, out Guid self) && (self == caller.ObjectId || self == caller.ApplicationId)))
            return new Principal(caller.ObjectId, caller.Name, caller.Kind == CallerKind.User ? PrincipalType.User : PrincipalType.ServicePrincipal);
        // Before anything is looked up: who may not ask does not learn who exists.
        if (!(await authorizer.AuthorizeAsync(caller, Actions.RoleAssignmentRead, scope, request.Cancellation)).Allowed)
            throw AuthorizationErrors.Failed(caller, Actions.RoleAssignmentRead, scope);
        if (!Guid.TryParse(asked, out Guid id))
            return await directory.FindUserByNameAsync(asked, request.Cancellation) is { } person
                ? new Principal(person.ObjectId, person.UserName, PrincipalType.User)
                : throw new ArmException(404, "PrincipalNotFound", $"Nobody is called '{(asked.Length > 100 ? asked[..100] : asked)}': give a sign-in name, an object id or an application id.", "principal");
        if (await directory.FindServicePrincipalAsync(id, request.Cancellation) is { } program)
            return new Principal(program.ObjectId, program.DisplayName, PrincipalType.ServicePrincipal);
        string? name = (await directory.FindUserAsync(id, request.Cancellation))?.UserName
            ?? (await directory.FindServicePrincipalByObjectIdAsync(id, request.Cancellation))?.DisplayName;
        return new Principal(id, name, await principals.FindTypeAsync(id, request.Cancellation));
    }

    private static string Action(string? sent) => sent is { Length: > 0 and <= 256 } && !sent.Any(char.IsControl) && !sent.Contains('*', StringComparison.Ordinal)
        ? sent
        : throw new ArmException(400, "InvalidAction", "'action' is one operation without '*', such as Microsoft.MachineLearningServices/workspaces/computes/start/action.", "action");

    private static JsonObject Step(ExplainedAssignment step, string action) => new()
    {
        ["id"] = RoleBodies.AssignmentId(step.Judgement.Assignment),
        ["scope"] = step.Judgement.Assignment.Scope,
        ["roleName"] = step.Judgement.Role?.RoleName,
        ["roleDefinitionId"] = RoleBodies.DefinitionId(step.Judgement.Assignment.RoleDefinitionId, step.Judgement.Assignment.Scope),
        ["throughGroup"] = step.ThroughGroup?.ToString("D"),
        ["verdict"] = step.Judgement.Verdict.ToString(),
        ["pattern"] = step.Judgement.Pattern,
        ["notPattern"] = step.Judgement.NotPattern,
        ["explanation"] = step.Judgement.Sentence(action),
    };

    private sealed record Principal(Guid Id, string? Name, PrincipalType? Type);
}
