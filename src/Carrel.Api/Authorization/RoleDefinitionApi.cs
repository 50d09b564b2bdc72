using System.Text.Json;
using Carrel.Access.Roles;
using Carrel.Arm.Audit;
using Carrel.Arm.Errors;
using Carrel.Arm.Filters;
using Carrel.Arm.Identity;
using Carrel.Arm.Paging;
using Carrel.Arm.Pipeline;

namespace Carrel.Api.Authorization;

/// <summary>Role definitions (contract 7.1): the built-in ones, and custom ones that people write.</summary>
public sealed class RoleDefinitionApi(
    IRoleDefinitionStore definitions, IRoleAssignmentStore assignments, PrincipalRoles principals, IArmAuthorizer authorizer, ApiOptions options, TimeProvider time)
{
    private const string BuiltInIsPublic = "at '/' there are only the built-in roles, which are public";

    /// <summary>The route table: the same calls at every kind of scope.</summary>
    public IEnumerable<ArmOperation> Operations => ScopePatterns.All.SelectMany(At);

    private IEnumerable<ArmOperation> At(string scope)
    {
        string list = $"{scope}{ScopePatterns.Provider}/roleDefinitions";
        string item = list + "/{roleDefinitionId}";
        if (scope.Length == 0)
        {
            yield return ArmOperation.Open("RoleDefinitions_List", "GET", list, BuiltInIsPublic, RoleDefinitions_List);
            yield return ArmOperation.Open("RoleDefinitions_Get", "GET", item, BuiltInIsPublic, RoleDefinitions_Get);
        }
        else
        {
            yield return new ArmOperation("RoleDefinitions_List", "GET", list, Actions.RoleDefinitionRead, RoleDefinitions_List);
            yield return new ArmOperation("RoleDefinitions_Get", "GET", item, Actions.RoleDefinitionRead, RoleDefinitions_Get);
        }

        yield return new ArmOperation("RoleDefinitions_CreateOrUpdate", "PUT", item, Actions.RoleDefinitionWrite, RoleDefinitions_CreateOrUpdate);
        yield return new ArmOperation("RoleDefinitions_Delete", "DELETE", item, Actions.RoleDefinitionDelete, RoleDefinitions_Delete);
    }

    private async Task<ArmResult> RoleDefinitions_List(ArmRequest request)
    {
        string scope = ScopePatterns.Of(request);
        IReadOnlyList<FilterClause> filter = RoleFilter.OfDefinitions(request.Query("$filter"));
        IReadOnlyDictionary<Guid, RoleDefinition> custom = await definitions.AllAsync(request.Cancellation);
        RoleDefinition[] found =
        [
            .. BuiltInRoles.All.Concat(custom.Values.Where(role => scope != "/" && RoleFilter.IsKnownAt(filter, role, scope)))
                .Where(role => RoleFilter.Holds(filter, role))
                .OrderBy(role => role.Id),
        ];
        Page<RoleDefinition> page = await RolePages.FillAsync(request, scope + "/roleDefinitions", found, role => role.Id);
        return page.Answer(request, scope + "/roleDefinitions", role => RoleBodies.Definition(role, scope));
    }

    private async Task<ArmResult> RoleDefinitions_Get(ArmRequest request)
    {
        string scope = ScopePatterns.Of(request);
        Guid id = Id(request);
        RoleDefinition? role = BuiltInRoles.Find(id);
        // At "/" nobody is asked for a role, so nothing is shown there that somebody wrote.
        if (role is null && scope != "/")
            role = (await definitions.AllAsync(request.Cancellation)).GetValueOrDefault(id);
        return role is null ? throw NotFound(id) : ArmResult.Ok(RoleBodies.Definition(role, scope));
    }

    private async Task<ArmResult> RoleDefinitions_CreateOrUpdate(ArmRequest request)
    {
        Guid id = Id(request);
        RoleDefinition role = RoleDefinitionReader.Read(id, await request.ReadObjectAsync(), new RoleStamp(request.Caller.ObjectId, time.GetUtcNow()));
        if (BuiltInRoles.Find(id) is { } builtIn)
            throw new ArmException(400, "BuiltInRoleCannotBeChanged", $"'{builtIn.RoleName}' is a built-in role and stays as it is: write a custom role under another id.", "roleDefinitionId");
        Refuse([.. RoleDefinitionRules.Faults(role)]);
        await RequireOwnSubscriptionAsync(request, role);
        RoleDefinition? before = (await definitions.AllAsync(request.Cancellation)).GetValueOrDefault(id);
        await RequireEverywhereAsync(request, Actions.RoleDefinitionWrite, role.AssignableScopes.Concat(before?.AssignableScopes ?? []));
        await RequireAssignmentsWithinAsync(request, role);
        GrantDecision grant = GrantRules.DecideDefinition(await principals.OfAsync(request.Caller.ObjectId, request.Cancellation), role);
        if (!grant.Allowed)
            throw Escalation(request, Actions.RoleDefinitionWrite, grant.Reason);
        string detail = before is null ? $"Custom role '{role.RoleName}' was written." : $"Custom role '{role.RoleName}' was changed.";
        RoleDefinition saved = await Refusals.OrLastAdministratorAsync(
            definitions.SaveAsync(role, Audit(request, Actions.RoleDefinitionWrite, detail), request.Cancellation), "properties.permissions")
            ?? throw ToArm([RoleDefinitionRules.NameIsTaken(role.RoleName)]);
        // 201 on update too (contract 7.1).
        return new ArmResult(201, RoleBodies.Definition(saved, ScopePatterns.Of(request)));
    }

    private async Task<ArmResult> RoleDefinitions_Delete(ArmRequest request)
    {
        Guid id = Id(request);
        if (BuiltInRoles.Find(id) is { } builtIn)
            throw new ArmException(400, "BuiltInRoleCannotBeChanged", $"'{builtIn.RoleName}' is a built-in role and stays.", "roleDefinitionId");
        if ((await definitions.AllAsync(request.Cancellation)).GetValueOrDefault(id) is not { } role)
            return ArmResult.NoContent;
        await RequireEverywhereAsync(request, Actions.RoleDefinitionDelete, role.AssignableScopes);
        return await definitions.RemoveAsync(id, Audit(request, Actions.RoleDefinitionDelete, $"Custom role '{role.RoleName}' was deleted."), request.Cancellation) switch
        {
            RoleRemoval.Removed => ArmResult.Ok(RoleBodies.Definition(role, ScopePatterns.Of(request))),
            RoleRemoval.Absent => ArmResult.NoContent,
            _ => throw new ArmException(
                409, "RoleDefinitionHasAssignments", $"The role '{role.RoleName}' is still given to somebody: remove its role assignments first (carrel role assignment list --role '{role.RoleName}' --all).", "roleDefinitionId"),
        };
    }

    // A role reaches wherever it may be assigned, so whoever writes it needs the right there, not only where the path lies.
    private async Task RequireEverywhereAsync(ArmRequest request, string action, IEnumerable<string> scopes)
    {
        foreach (string scope in scopes.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (!(await authorizer.AuthorizeAsync(request.Caller, action, scope, request.Cancellation)).Allowed)
                throw AuthorizationErrors.Failed(request.Caller, action, scope);
        }
    }

    // Only whoever has no right there is told so: a right at "/" reaches other subscriptions too, which a role may name.
    private async Task RequireOwnSubscriptionAsync(ArmRequest request, RoleDefinition role)
    {
        for (int index = 0; index < role.AssignableScopes.Count; index++)
        {
            string scope = role.AssignableScopes[index];
            string own = $"/subscriptions/{options.SubscriptionId:D}";
            if (!RoleRules.IsAtOrBelow(scope, own) && !(await authorizer.AuthorizeAsync(request.Caller, Actions.RoleDefinitionWrite, scope, request.Cancellation)).Allowed)
                throw new ArmException(400, "InvalidAssignableScopes", $"'{scope}' is in no subscription of this server: name {own}, or a group or resource in it.", $"properties.assignableScopes[{index}]");
        }
    }

    private async Task RequireAssignmentsWithinAsync(ArmRequest request, RoleDefinition role)
    {
        RoleAssignment? outside = (await assignments.ListAsync(request.Cancellation)).FirstOrDefault(
            given => given.RoleDefinitionId == role.Id && !role.AssignableScopes.Any(scope => RoleRules.IsAtOrBelow(given.Scope, scope)));
        if (outside is not null)
            throw new ArmException(400, "InvalidAssignableScopes", $"The role is given at '{outside.Scope}', which the new assignable scopes do not cover: keep that scope, or remove the assignment {outside.Id:D} first.", "properties.assignableScopes");
    }

    internal static ArmException Escalation(ArmRequest request, string action, string reason)
    {
        string scope = ScopePatterns.Of(request);
        return new ArmException(
            403, "AuthorizationFailed", $"The client '{request.Caller.Name}' with object id '{request.Caller.ObjectId}' may perform action '{action}' over scope '{scope}', but {reason}.", scope);
    }

    private static AuditRecord Audit(ArmRequest request, string action, string detail) => new(
        request.Caller, action, request.Http.Request.Path.Value ?? "/", AuditOutcome.Succeeded, detail, request.Origin);

    private static Guid Id(ArmRequest request) => Guid.TryParseExact(request.Route("roleDefinitionId"), "D", out Guid id)
        ? id
        : throw new ArmException(400, "InvalidRoleDefinitionId", $"'{request.Route("roleDefinitionId")}' is no id of a role: a GUID such as {BuiltInRoles.Owner.Id:D}.", "roleDefinitionId");

    internal static ArmException NotFound(Guid id) =>
        new(404, "RoleDefinitionDoesNotExist", $"There is no role with the id '{id:D}': list them with 'carrel role list'.", "roleDefinitionId");

    private static void Refuse(IReadOnlyList<RoleFault> faults)
    {
        if (faults.Count > 0)
            throw ToArm(faults);
    }

    private static ArmException ToArm(IReadOnlyList<RoleFault> faults)
    {
        RoleFault main = faults[0];
        ArmError[] details = [.. faults.Take(100).Select(fault => new ArmError(fault.Code, fault.Message, fault.Target))];
        return new ArmException(main.Code == "RoleDefinitionWithSameNameExists" ? 409 : 400, new ArmError(main.Code, main.Message, main.Target, details));
    }
}
