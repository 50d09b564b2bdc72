using Carrel.Access.Directory;
using Carrel.Access.Roles;
using Carrel.Arm.Audit;
using Carrel.Arm.Errors;
using Carrel.Arm.Paging;
using Carrel.Arm.Pipeline;

namespace Carrel.Api.Authorization;

/// <summary>Role assignments (contract 7.1): who has which role where.</summary>
public sealed class RoleAssignmentApi(
    IRoleAssignmentStore assignments, IRoleDefinitionStore definitions, PrincipalRoles principals, IPrincipalDirectory directory, ScopeExistence scopes, TimeProvider time)
{
    /// <summary>The route table: the same calls at every kind of scope.</summary>
    public IEnumerable<ArmOperation> Operations => ScopePatterns.All.SelectMany(At);

    private IEnumerable<ArmOperation> At(string scope)
    {
        string list = $"{scope}{ScopePatterns.Provider}/roleAssignments";
        string item = list + "/{roleAssignmentName}";
        yield return new ArmOperation("RoleAssignments_ListForScope", "GET", list, Actions.RoleAssignmentRead, RoleAssignments_ListForScope);
        yield return new ArmOperation("RoleAssignments_Get", "GET", item, Actions.RoleAssignmentRead, RoleAssignments_Get);
        yield return new ArmOperation("RoleAssignments_Create", "PUT", item, Actions.RoleAssignmentWrite, RoleAssignments_Create);
        yield return new ArmOperation("RoleAssignments_Delete", "DELETE", item, Actions.RoleAssignmentDelete, RoleAssignments_Delete);
    }

    private async Task<ArmResult> RoleAssignments_ListForScope(ArmRequest request)
    {
        string scope = ScopePatterns.Of(request);
        AssignmentFilter filter = AssignmentFilter.Read(request.Query("$filter"));
        IReadOnlyList<Guid> groups = filter.AssignedTo is { } person ? await directory.GroupsOfAsync(person, request.Cancellation) : [];
        RoleAssignment[] found =
        [
            .. (await assignments.ListAsync(request.Cancellation)).Where(assignment => filter.Holds(assignment, scope, groups)).OrderBy(assignment => assignment.Id),
        ];
        Page<RoleAssignment> page = await RolePages.FillAsync(request, scope + "/roleAssignments", found, assignment => assignment.Id);
        return page.Answer(request, scope + "/roleAssignments", RoleBodies.Assignment);
    }

    private async Task<ArmResult> RoleAssignments_Get(ArmRequest request)
    {
        Guid id = Id(request);
        return await FindAsync(request, id) is { } assignment
            ? ArmResult.Ok(RoleBodies.Assignment(assignment))
            : throw new ArmException(404, "RoleAssignmentNotFound", $"There is no role assignment '{id:D}' at '{ScopePatterns.Of(request)}'.", "roleAssignmentName");
    }

    private async Task<ArmResult> RoleAssignments_Create(ArmRequest request)
    {
        string scope = ScopePatterns.Of(request);
        Guid id = Id(request);
        await scopes.RequireAsync(scope, request.Cancellation);
        AskedAssignment asked = RoleAssignmentReader.Read(await request.ReadObjectAsync());
        RoleDefinition role = BuiltInRoles.Find(asked.RoleDefinitionId)
            ?? (await definitions.AllAsync(request.Cancellation)).GetValueOrDefault(asked.RoleDefinitionId)
            ?? throw RoleDefinitionApi.NotFound(asked.RoleDefinitionId);
        if (!role.AssignableScopes.Any(assignable => RoleRules.IsAtOrBelow(scope, assignable)))
            throw new ArmException(
                400, "RoleAssignmentScopeNotAssignableToRoleDefinition", $"The role '{role.RoleName}' cannot be given at '{scope}': its assignable scopes are {string.Join(", ", role.AssignableScopes)}.", "scope");
        PrincipalType type = await TypeAsync(asked, request.Cancellation);
        await RequireGrantAsync(request, role, asked.PrincipalId, scope);
        var given = new RoleAssignment(id, scope, asked.PrincipalId, role.Id, type.ToString(), time.GetUtcNow())
        {
            Description = asked.Description,
            CreatedBy = request.Caller.ObjectId,
        };
        string detail = $"Role '{role.RoleName}' was given to {type} {asked.PrincipalId:D} at '{scope}'.";
        if (!await assignments.TryAddAsync(given, Audit(request, RoleBodies.AssignmentId(given), Actions.RoleAssignmentWrite, detail), request.Cancellation))
            given = await ExistingAsync(given, role, request.Cancellation);
        return new ArmResult(201, RoleBodies.Assignment(given));
    }

    private async Task<ArmResult> RoleAssignments_Delete(ArmRequest request)
    {
        Guid id = Id(request);
        if (await FindAsync(request, id) is not { } assignment)
            return ArmResult.NoContent;
        string role = (await RoleNameAsync(assignment.RoleDefinitionId, request.Cancellation)) ?? assignment.RoleDefinitionId.ToString("D");
        string detail = $"Role '{role}' was taken from {assignment.PrincipalType} {assignment.PrincipalId:D} at '{assignment.Scope}'.";
        string target = RoleBodies.AssignmentId(assignment);
        bool removed = await Refusals.OrLastAdministratorAsync(
            assignments.RemoveAsync(id, Audit(request, target, Actions.RoleAssignmentDelete, detail), request.Cancellation), target);
        return removed ? ArmResult.Ok(RoleBodies.Assignment(assignment)) : ArmResult.NoContent;
    }

    // The right was asked for at the path's scope, so only what lies there is found under it.
    private async Task<RoleAssignment?> FindAsync(ArmRequest request, Guid id) =>
        await assignments.FindAsync(id, request.Cancellation) is { } found && RoleScope.Key(found.Scope) == RoleScope.Key(ScopePatterns.Of(request)) ? found : null;

    private async Task<PrincipalType> TypeAsync(AskedAssignment asked, CancellationToken cancellation)
    {
        PrincipalType? known = await directory.FindTypeAsync(asked.PrincipalId, cancellation);
        if (known is { } real && asked.PrincipalType is { } said && real != said)
            throw new ArmException(400, "UnmatchedPrincipalType", $"The principal '{asked.PrincipalId:D}' is a {real}, not a {said}: correct 'principalType' or leave it out.", "properties.principalType");
        // Machines and roles are prepared before people arrive (contract 7.1, D38).
        return known ?? asked.PrincipalType ?? throw new ArmException(
            400, "PrincipalNotFound", $"The directory does not know the principal '{asked.PrincipalId:D}': check the object id, or say its 'principalType' to give it a role before it arrives.", "properties.principalId");
    }

    private async Task RequireGrantAsync(ArmRequest request, RoleDefinition role, Guid principalId, string scope)
    {
        HeldRoles granter = await principals.OfAsync(request.Caller.ObjectId, request.Cancellation);
        bool toThemselves = principalId == request.Caller.ObjectId || (await directory.GroupsOfAsync(request.Caller.ObjectId, request.Cancellation)).Contains(principalId);
        GrantDecision decision = GrantRules.Decide(granter, role, scope, toThemselves);
        if (!decision.Allowed)
            throw RoleDefinitionApi.Escalation(request, Actions.RoleAssignmentWrite, decision.Reason);
    }

    // The same assignment again is no conflict: templates are deployed more than once.
    private async Task<RoleAssignment> ExistingAsync(RoleAssignment given, RoleDefinition role, CancellationToken cancellation)
    {
        RoleAssignment? same = await assignments.FindAsync(given.Id, cancellation);
        if (same is null)
            throw new ArmException(
                409, "RoleAssignmentExists", $"The role '{role.RoleName}' is already given to '{given.PrincipalId:D}' at '{given.Scope}', under another id.", "properties");
        return RoleScope.Key(same.Scope) == RoleScope.Key(given.Scope) && same.PrincipalId == given.PrincipalId && same.RoleDefinitionId == given.RoleDefinitionId
            ? same
            : throw new ArmException(
                409, "RoleAssignmentUpdateNotPermitted", $"The id '{given.Id:D}' belongs to another role assignment, and scope, principal and role of one cannot be changed: use a new GUID.", "roleAssignmentName");
    }

    private async Task<string?> RoleNameAsync(Guid id, CancellationToken cancellation) =>
        (BuiltInRoles.Find(id) ?? (await definitions.AllAsync(cancellation)).GetValueOrDefault(id))?.RoleName;

    private static AuditRecord Audit(ArmRequest request, string target, string action, string detail) =>
        new(request.Caller, action, target, AuditOutcome.Succeeded, detail, request.Origin);

    private static Guid Id(ArmRequest request) => Guid.TryParseExact(request.Route("roleAssignmentName"), "D", out Guid id)
        ? id
        : throw new ArmException(400, "InvalidRoleAssignmentId", $"'{request.Route("roleAssignmentName")}' is no name of a role assignment: a GUID of your own choice.", "roleAssignmentName");
}
