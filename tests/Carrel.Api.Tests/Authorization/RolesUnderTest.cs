using Carrel.Access.Directory;
using Carrel.Access.Roles;
using Carrel.Api.Tests.Support;
using Carrel.Arm.Identity;
using Carrel.TestKit.Engines;
using Microsoft.Extensions.DependencyInjection;

namespace Carrel.Api.Tests.Authorization;

/// <summary>The ARM surface with the real roles: <c>person-ann</c> is Owner of the subscription, everybody else has what a test gives.</summary>
internal static class RolesUnderTest
{
    internal const string Subscription = ApiUnderTest.Subscription;
    internal const string Team = Subscription + "/resourceGroups/team";
    internal const string Lab = ApiUnderTest.Lab;
    internal const string M = "Microsoft.MachineLearningServices";

    internal static async Task<ApiUnderTest> StartAsync()
    {
        ApiUnderTest api = await ApiUnderTest.StartAsync(lab: false, change: services => services.AddSingleton<IArmAuthorizer, RoleAuthorizer>());
        await api.GiveAsync("ann", "Owner", Subscription);
        (await api.PutAsync(Team, """{"location":"local"}""", "person-ann")).Status.ShouldBe(201);
        (await api.PutAsync(Lab, """{"location":"local"}""", "person-ann")).Status.ShouldBe(201);
        return api;
    }

    internal static Guid Id(string name) => Names.IdOf(name);

    internal static Guid Role(string name) => BuiltInRoles.All.Single(role => role.RoleName == name).Id;

    /// <summary>Gives a built-in role, past the API.</summary>
    internal static async Task<Guid> GiveAsync(this ApiUnderTest api, string who, string role, string scope)
    {
        var given = new RoleAssignment(Guid.NewGuid(), scope, Id(who), Role(role), "User", DateTimeOffset.UtcNow);
        (await api.Get<IRoleAssignmentStore>().TryAddAsync(given, null, CancellationToken.None)).ShouldBeTrue();
        return given.Id;
    }

    /// <summary>Writes a custom role as Ann and gives it.</summary>
    internal static async Task<Guid> GiveCustomAsync(this ApiUnderTest api, string who, string scope, string actions, string notActions = "", string dataActions = "")
    {
        var id = Guid.NewGuid();
        Answer written = await api.PutAsync(Definition(Subscription, id), DefinitionBody($"role {id:D}", actions, Subscription, notActions, dataActions), "person-ann");
        written.Status.ShouldBe(201, written.Text);
        (await api.PutAsync(Assignment(scope, Guid.NewGuid()), AssignmentBody(id, Id(who)), "person-ann")).Status.ShouldBe(201);
        return id;
    }

    internal static People People(this ApiUnderTest api) => (People)api.Get<IPrincipalDirectory>();

    internal static string Definition(string scope, Guid id) => $"{scope}/providers/Microsoft.Authorization/roleDefinitions/{id:D}";

    internal static string Assignment(string scope, Guid id) => $"{scope}/providers/Microsoft.Authorization/roleAssignments/{id:D}";

    internal static string Compute(string name) => $"{Lab}/computes/{name}";

    internal static string DefinitionBody(string name, string actions, string scopes, string notActions = "", string dataActions = "") => $$$"""
        {"properties":{"roleName":"{{{name}}}","description":"made by a test","assignableScopes":[{{{Quoted(scopes)}}}],
          "permissions":[{"actions":[{{{Quoted(actions)}}}],"notActions":[{{{Quoted(notActions)}}}],"dataActions":[{{{Quoted(dataActions)}}}]}]}}
        """;

    internal static string AssignmentBody(Guid role, Guid principal, string? type = "User") => $$$"""
        {"properties":{"roleDefinitionId":"{{{Definition(Subscription, role)}}}","principalId":"{{{principal}}}"{{{(type is null ? "" : $",\"principalType\":\"{type}\"")}}}}}
        """;

    private static string Quoted(string texts) =>
        string.Join(',', texts.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => $"\"{text}\""));
}
