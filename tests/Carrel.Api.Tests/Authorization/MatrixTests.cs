using System.Text.Json;
using System.Text.RegularExpressions;
using Carrel.Api.Tests.Support;
using Carrel.Arm.Pipeline;
using static Carrel.Api.Tests.Authorization.RolesUnderTest;

namespace Carrel.Api.Tests.Authorization;

/// <summary>
/// Every built-in role, given at each of four scopes, against every operation over HTTP. What must come out is derived here from rbac.json, by another
/// way than the product's: patterns as regular expressions.
/// </summary>
public sealed partial class MatrixTests
{
    private static readonly string Ghosts = Subscription + "/resourceGroups/ghosts";
    private static readonly string Ghost = $"{Ghosts}/providers/{M}/workspaces/ghost";

    // Nothing of it exists: what is allowed finds nothing, and what is not allowed does not learn so.
    private static readonly string[] Scopes = [Subscription, Ghosts, Ghost, Ghost + "/computes/ghost"];

    // At an instance of Ann's nobody else may do these, whatever roles say.
    private static readonly string[] OwnersAlone = ["applicationaccess", "enableSso", "updateSsoSettings"];

    private static readonly Dictionary<string, (string[] Actions, string[] NotActions)> Roles = Read("roles").ToDictionary(
        role => role.GetProperty("roleName").GetString()!, role => (Texts(role, "actions"), Texts(role, "notActions")));

    [Fact(DisplayName = "7.T1: all built-in roles at four scopes against every route, over HTTP, are as rbac.json says")]
    public async Task Routes()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        (string Person, string Role, string Scope)[] people = await GiveAllAsync(api, Scopes);
        ArmOperation[] operations = [.. api.Operations.Where(operation => operation.Action is not null && operation.AllowsAnyway is null)];
        operations.Length.ShouldBeGreaterThan(60);
        var wrong = new System.Collections.Concurrent.ConcurrentBag<string>();
        int allowed = 0;
        await Parallel.ForEachAsync(people, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (one, _) =>
        {
            foreach (ArmOperation operation in operations)
            {
                string path = Path(operation.Pattern);
                bool expected = Covers(one.Scope, path) && Allows(one.Role, operation.Action!);
                Answer answer = await api.SendAsync(operation.Method, path, operation.IsWrite && operation.Method != "DELETE" ? "{}" : null, "person-" + one.Person);
                bool refused = answer.Status == 403 && (answer.Text.Length == 0 || answer.Code == "AuthorizationFailed");
                if (refused == expected || answer.Status >= 500)
                    wrong.Add($"{one.Role} at {one.Scope}: {operation.Name} {path}: {answer.Status}, expected {(expected ? "to be allowed" : "403")}");
                Interlocked.Add(ref allowed, expected ? 1 : 0);
            }
        });
        wrong.ShouldBeEmpty();
        allowed.ShouldBeGreaterThan(500);
    }

    [Fact(DisplayName = "7.T1: all built-in roles at four scopes against all 67 published operations are explained as rbac.json says, over HTTP")]
    public async Task Operations()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        await api.RunningAsync("desk", who: "person-ann");
        string[] scopes = [Subscription, Team, Lab, Compute("desk")];
        (string Person, string Role, string Scope)[] people = await GiveAllAsync(api, scopes);
        string[] operations = [.. Read("operations").Select(operation => operation.GetProperty("name").GetString()!)];
        operations.Length.ShouldBe(67);
        people.Length.ShouldBe(9 * 4);
        var wrong = new System.Collections.Concurrent.ConcurrentBag<string>();
        await Parallel.ForEachAsync(people, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (one, _) =>
        {
            foreach (string operation in operations)
            {
                foreach (string scope in scopes)
                {
                    Answer answer = await api.GetAsync($"{scope}/providers/Carrel.Access/accessExplanation?action={operation}", "person-" + one.Person);
                    bool ownersAlone = scope == scopes[^1] && OwnersAlone.Any(call => operation.EndsWith($"/computes/{call}/action", StringComparison.Ordinal));
                    bool expected = Covers(one.Scope, scope) && Allows(one.Role, operation) && !ownersAlone;
                    if (answer.Body["allowed"]!.GetValue<bool>() != expected)
                        wrong.Add($"{one.Role} at {one.Scope}: {operation} at {scope}: {answer.Body["reason"]}");
                }
            }
        });
        wrong.ShouldBeEmpty();
    }

    private static async Task<(string Person, string Role, string Scope)[]> GiveAllAsync(ApiUnderTest api, string[] scopes)
    {
        var people = new List<(string, string, string)>();
        foreach (string role in Roles.Keys)
        {
            for (int level = 0; level < scopes.Length; level++)
            {
                string person = NotLetter().Replace(role.ToLowerInvariant(), "") + level;
                await api.GiveAsync(person, role, scopes[level]);
                people.Add((person, role, scopes[level]));
            }
        }

        return [.. people];
    }

    private static string Path(string pattern) => pattern
        .Replace("{subscriptionId}", Carrel.TestKit.Engines.EngineUnderTest.Subscription).Replace("{resourceGroupName}", "ghosts").Replace("{workspaceName}", "ghost").Replace("{computeName}", "ghost")
        .Replace("{resourceNamespace}/{resourceType}/{resourceName}/{childType}/{childName}", $"{M}/workspaces/ghost/computes/ghost")
        .Replace("{resourceNamespace}/{resourceType}/{resourceName}", $"{M}/workspaces/ghost")
        .Replace("{roleDefinitionId}", "11111111-2222-3333-4444-555555555555").Replace("{roleAssignmentName}", "11111111-2222-3333-4444-555555555555")
        .Replace("{resourceProviderNamespace}", M).Replace("{location}", "local").Replace("{resourceName}", "ghost").Replace("{", "").Replace("}", "");

    // The scope of a path by itself: that of the role has to be it or above, segment by segment.
    private static bool Covers(string given, string path) => (path + "/").StartsWith(given + "/", StringComparison.OrdinalIgnoreCase);

    private static bool Allows(string role, string action) =>
        Roles[role].Actions.Any(pattern => Matches(pattern, action)) && !Roles[role].NotActions.Any(pattern => Matches(pattern, action));

    private static bool Matches(string pattern, string action) => Regex.IsMatch(
        action, "^" + Regex.Escape(pattern).Replace("/\\*/", "/(.*/)?").Replace("\\*", ".*") + "$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private static IReadOnlyList<JsonElement> Read(string list)
    {
        using Stream stream = typeof(Carrel.Access.Roles.BuiltInRoles).Assembly.GetManifestResourceStream("Carrel.Access.Roles.rbac.json")!;
        using JsonDocument document = JsonDocument.Parse(stream);
        return [.. document.RootElement.GetProperty(list).EnumerateArray().Select(item => item.Clone())];
    }

    private static string[] Texts(JsonElement role, string name) => [.. role.GetProperty(name).EnumerateArray().Select(item => item.GetString()!)];

    [GeneratedRegex("[^a-z]")]
    private static partial Regex NotLetter();
}
