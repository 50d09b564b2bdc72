using System.Text.Json.Nodes;
using Carrel.Access.Directory;
using Carrel.Access.Roles;
using Carrel.Arm.Errors;
using Carrel.Arm.Identity;
using Carrel.Arm.Pipeline;
using Microsoft.AspNetCore.Routing;

namespace Carrel.Api.Authorization;

/// <summary>Why somebody may or may not do something: Carrel's own question, <c>GET {scope}/providers/Carrel.Access/accessExplanation</c>.</summary>
public sealed class AccessExplanationApi(
    AccessExplainer explainer, ExplainedPrincipals principals, IArmAuthorizer authorizer, InstanceOwnership ownership, ScopeExistence existence, EndpointDataSource routes)
{
    private const string Because = "anybody may ask about themselves; about others, the handler asks for roleAssignments/read";

    /// <summary>The route table.</summary>
    public IEnumerable<ArmOperation> Operations => ScopePatterns.All.Select(scope =>
        ArmOperation.Open("AccessExplanation_Get", "GET", scope + "/providers/Carrel.Access/accessExplanation", Because, AccessExplanation_Get));

    private async Task<ArmResult> AccessExplanation_Get(ArmRequest request)
    {
        string scope = RoleScope.Read(ScopePatterns.Of(request))
            ?? throw new ArmException(400, "InvalidScope", $"'{ScopePatterns.Of(request)}' is no scope.", "scope");
        string action = ExplainedAction.Read(request.Query("action") ?? "", routes.Endpoints.SelectMany(endpoint => endpoint.Metadata.GetMetadata<ArmOperations>()?.All ?? []));
        ExplainedPrincipal principal = await PrincipalAsync(request, scope);
        AccessExplanation explanation = await explainer.ExplainAsync(principal.Id, action, scope, request.Cancellation);
        await RequireInstanceAsync(request, action, scope, explanation.Decision.Allowed);
        string? refusal = !explanation.Decision.Allowed ? null
            : await principals.StandingAsync(principal, request.Cancellation)
            ?? await ownership.RefusalAsync(principal.Id, action, scope, () => ReadsRolesAsync(request, scope), request.Cancellation);
        var steps = new JsonArray();
        foreach (ExplainedAssignment step in explanation.Steps)
            steps.Add(Step(step, action, step.ThroughGroup is { } group ? await principals.GroupNameAsync(group, request.Cancellation) : null));
        return ArmResult.Ok(new JsonObject
        {
            ["principal"] = new JsonObject { ["id"] = principal.Id.ToString("D"), ["name"] = principal.Name, ["type"] = principal.Type?.ToString() },
            ["action"] = action,
            ["scope"] = scope,
            ["allowed"] = explanation.Decision.Allowed && refusal is null,
            ["reason"] = refusal ?? explanation.Decision.Reason,
            ["groups"] = new JsonArray([.. explanation.Groups.Select(group => JsonValue.Create(group.ToString("D")))]),
            ["assignments"] = steps,
        });
    }

    private async Task<ExplainedPrincipal> PrincipalAsync(ArmRequest request, string scope)
    {
        Caller caller = request.Caller;
        string asked = request.Query("principal") is { Length: > 0 } given ? given : caller.ObjectId.ToString("D");
        if (asked.Equals(caller.Name, StringComparison.OrdinalIgnoreCase) || (Guid.TryParse(asked, out Guid self) && (self == caller.ObjectId || self == caller.ApplicationId)))
            return new ExplainedPrincipal(caller.ObjectId, caller.Name, caller.Kind == CallerKind.User ? PrincipalType.User : PrincipalType.ServicePrincipal);
        // Before anything is looked up: who may not ask does not learn who exists.
        return await ReadsRolesAsync(request, scope) ? await principals.FindAsync(asked, request.Cancellation) : throw AuthorizationErrors.Failed(caller, Actions.RoleAssignmentRead, scope);
    }

    private async Task<bool> ReadsRolesAsync(ArmRequest request, string scope) =>
        (await authorizer.AuthorizeAsync(request.Caller, Actions.RoleAssignmentRead, scope, request.Cancellation)).Allowed;

    /// <summary>
    /// Other scopes may be asked about before they exist. Of instances only what makes one, and deletion, which is 204 then, succeed where there is none.
    /// Where the real call is 403, existence is told only to those who may see it.
    /// </summary>
    private async Task RequireInstanceAsync(ArmRequest request, string action, string scope, bool allowed)
    {
        if (InstanceOwnership.AddressOf(scope) is null
            || action.Equals(Actions.ComputeWrite, StringComparison.OrdinalIgnoreCase) || action.Equals(Actions.ComputeDelete, StringComparison.OrdinalIgnoreCase))
            return;
        if (allowed || (await authorizer.AuthorizeAsync(request.Caller, Actions.ComputeRead, scope, request.Cancellation)).Allowed)
            await existence.RequireAsync(scope, request.Cancellation);
    }

    private static JsonObject Step(ExplainedAssignment step, string action, string? groupName) => new()
    {
        ["id"] = RoleBodies.AssignmentId(step.Judgement.Assignment),
        ["scope"] = step.Judgement.Assignment.Scope,
        ["roleName"] = step.Judgement.Role?.RoleName,
        ["roleDefinitionId"] = RoleBodies.DefinitionId(step.Judgement.Assignment.RoleDefinitionId, step.Judgement.Assignment.Scope),
        ["throughGroup"] = step.ThroughGroup?.ToString("D"),
        ["throughGroupName"] = groupName,
        ["verdict"] = step.Judgement.Verdict.ToString(),
        ["pattern"] = step.Judgement.Pattern,
        ["notPattern"] = step.Judgement.NotPattern,
        ["explanation"] = step.Judgement.Sentence(action),
    };
}
