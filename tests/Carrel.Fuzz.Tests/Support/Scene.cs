using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Carrel.Fuzz.Tests.Wire;

namespace Carrel.Fuzz.Tests.Support;

/// <summary>Brings a fresh server into the state that requests start from, over its public surface: tokens, a signed-in browser, instances.</summary>
internal sealed partial class Scene(FuzzServer server)
{
    internal const string Lab = $"/subscriptions/{FuzzServer.Subscription}/resourceGroups/team/providers/Microsoft.MachineLearningServices/workspaces/lab";

    private readonly Dictionary<string, string> _placeholders = new() { ["port"] = $"{server.Port}" };

    /// <summary>What stands for <c>{{name}}</c> in a request.</summary>
    internal IReadOnlyDictionary<string, string> Placeholders => _placeholders;

    internal async Task SetAsync()
    {
        await using WireClient client = server.Connect();
        _placeholders["client"] = server.ClientVariable("CARREL_CLIENT_ID");
        _placeholders["secret"] = Uri.EscapeDataString(server.ClientVariable("CARREL_CLIENT_SECRET"));
        WireAnswer token = await FormAsync(client, $"/{FuzzServer.Tenant}/oauth2/v2.0/token", Requests.SeedBodies.Tokens[0]);
        _placeholders["token"] = JsonDocument.Parse(token.Body).RootElement.GetProperty("access_token").GetString()!;

        WireAnswer page = await SendAsync(client, "GET", "/signin", "Accept: text/html", "");
        _placeholders["formcookie"] = Cookie(page);
        _placeholders["formtoken"] = FormToken().Match(page.Body).Groups[1].Value;
        WireAnswer signedIn = await FormAsync(
            client, "/signin", $"username=admin%40carrel.local&password={Uri.EscapeDataString(server.AdministratorPassword)}&return=%2F&form_token={{{{formtoken}}}}");
        signedIn.Status.ShouldBe(303, signedIn.Text);
        _placeholders["session"] = Cookie(signedIn) + "; {{formcookie}}".Replace("{{formcookie}}", _placeholders["formcookie"], StringComparison.Ordinal);

        WireAnswer created = await CreateAsync(client, Lab, "desk");
        _placeholders["operation"] = OperationId().Match(created.Header("Azure-AsyncOperation")!).Value;
        await CreateAsync(client, Lab, "chair");
    }

    /// <summary>Asks again for what requests may have deleted, so that later ones find something; whether it is done at once is their affair.</summary>
    internal async Task RepairAsync()
    {
        await using WireClient client = server.Connect();
        await ArmAsync(client, "PUT", $"/subscriptions/{FuzzServer.Subscription}/resourceGroups/team?api-version=2024-10-01", """{"location":"local"}""");
        await ArmAsync(client, "PUT", Lab + "?api-version=2024-10-01", """{"location":"local"}""");
        foreach (string name in new[] { "desk", "chair" })
            await ArmAsync(client, "PUT", $"{Lab}/computes/{name}?api-version=2024-10-01", """{"properties":{"computeType":"ComputeInstance","properties":{"vmSize":"STANDARD_DS1_V2"}}}""");
    }

    /// <summary>
    /// Make, read, delete: the server still works. In a group and a location of their own, because requests may have taken every core and every
    /// limit of the others.
    /// </summary>
    internal async Task ShowThatItWorksAsync()
    {
        await using WireClient client = server.Connect();
        string group = $"/subscriptions/{FuzzServer.Subscription}/resourceGroups/afterwards";
        string workspace = $"{group}/providers/Microsoft.MachineLearningServices/workspaces/afterwards";
        (await ArmAsync(client, "PUT", group + "?api-version=2024-10-01", """{"location":"afterwards"}""")).Status.ShouldBe(201);
        (await ArmAsync(client, "PUT", workspace + "?api-version=2024-10-01", """{"location":"afterwards"}""")).Status.ShouldBe(201);
        await CreateAsync(client, workspace, "desk");
        string path = $"{workspace}/computes/desk?api-version=2024-10-01";
        (await ArmAsync(client, "GET", path)).Body.ShouldContain("\"Running\"");
        WireAnswer deleted = await ArmAsync(client, "DELETE", path);
        deleted.Status.ShouldBe(202);
        await EndAsync(client, deleted, "Succeeded");
        (await ArmAsync(client, "GET", path)).Status.ShouldBe(404);
    }

    private async Task<WireAnswer> CreateAsync(WireClient client, string workspace, string name)
    {
        WireAnswer created = await ArmAsync(
            client, "PUT", $"{workspace}/computes/{name}?api-version=2024-10-01", """{"properties":{"computeType":"ComputeInstance","properties":{"vmSize":"STANDARD_DS1_V2"}}}""");
        created.Status.ShouldBe(201, created.Text);
        await EndAsync(client, created, "Succeeded");
        return created;
    }

    private async Task EndAsync(WireClient client, WireAnswer accepted, string word)
    {
        string path = new Uri(accepted.Header("Azure-AsyncOperation")!).PathAndQuery;
        await Carrel.TestKit.Engines.EngineUnderTest.UntilAsync(
            async () => (await ArmAsync(client, "GET", path)).Body is var body && !body.Contains("InProgress", StringComparison.Ordinal) && body.Contains(word, StringComparison.Ordinal),
            $"{path} to be {word}");
    }

    private Task<WireAnswer> ArmAsync(WireClient client, string method, string target, string body = "") =>
        SendAsync(client, method, target, Requests.RouteTable.Bearer + (body.Length == 0 ? "" : "\r\nContent-Type: application/json"), body);

    private Task<WireAnswer> FormAsync(WireClient client, string target, string form)
    {
        string cookies = _placeholders.ContainsKey("formcookie") ? "\r\nCookie: {{formcookie}}" : "";
        return SendAsync(client, "POST", target, "Origin: https://localhost:{{port}}\r\nContent-Type: application/x-www-form-urlencoded" + cookies, form);
    }

    private async Task<WireAnswer> SendAsync(WireClient client, string method, string target, string headers, string body)
    {
        var request = new Requests.FuzzRequest(
            0, "", Requests.Plane.Arm, $"{method} {target} HTTP/1.1\r\nHost: {Requests.RouteTable.Studio}\r\n{headers}\r\nContent-Length: {{{{length}}}}\r\n\r\n", body, false, false);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return await client.SendAsync(request.Bytes(_placeholders), false, false, patience.Token) ?? throw new InvalidOperationException("No answer to " + request);
    }

    private static string Cookie(WireAnswer answer) => answer.Header("Set-Cookie")!.Split(';')[0];

    [GeneratedRegex("name=\"form_token\" value=\"([^\"]+)\"")]
    private static partial Regex FormToken();

    [GeneratedRegex("[0-9a-f-]{36}(?=\\?)")]
    private static partial Regex OperationId();
}
