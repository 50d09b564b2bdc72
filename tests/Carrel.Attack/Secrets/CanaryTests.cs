using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Carrel.Attack.Secrets;

/// <summary>Secrets that were used in every way there is, looked for wherever somebody might find them later.</summary>
public sealed class CanaryTests(Target target)
{
    private readonly Dictionary<string, string> _canaries = [];

    [Fact(DisplayName = "A67 Canary secrets, looked for in the log, the events, the database, the containers and the process list")]
    public async Task Canary_secrets()
    {
        await UseSecretsAsync();
        _canaries.Count.ShouldBeGreaterThanOrEqualTo(12);
        _canaries.Values.ShouldAllBe(secret => secret.Length >= 16);

        string log = await File.ReadAllTextAsync(target.Carrel.DataFolder + ".log");
        log.ShouldContain("may not", Case.Insensitive, "what was done is in the log");
        Look("the server's log", log);

        string since = Uri.EscapeDataString($"eventTimestamp ge '{DateTime.UtcNow.AddHours(-1):O}'");
        ArmAnswer events = await target.Administrator.SendAsync(
            HttpMethod.Get, $"/subscriptions/{target.Carrel.Client["CARREL_SUBSCRIPTION"]}/providers/Microsoft.Insights/eventtypes/management/values?$filter={since}");
        events.Body!["value"]!.AsArray().Count.ShouldBeGreaterThan(20, "what was done is in the events");
        Look("the events", events.Body.ToJsonString());

        foreach (string file in Directory.GetFiles(target.Carrel.DataFolder, "carrel.db*"))
            Look(Path.GetFileName(file), Encoding.Latin1.GetString(await ReadAsync(file)));

        foreach (string container in (await DockerObjects.OfAsync(target.Carrel.Installation)).Containers)
        {
            Look("docker inspect", (await DockerObjects.RunAsync("inspect", container)).Output);
            Look("docker logs", (await DockerObjects.RunAsync("logs", container)).Output);
            Look("docker top", (await DockerObjects.RunAsync("top", container, "-eo", "pid,args")).Output);
            Look("the environments of processes", (await DockerObjects.RunAsync("exec", container, "sh", "-c", "cat /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n'")).Output);
        }

        Look("the host's process list", string.Join('\n', Directory.GetDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out int _)).Select(CommandLine)));
    }

    private async Task UseSecretsAsync()
    {
        _canaries["password"] = target.Ann.Password;
        Person person = await target.AddPersonAsync("canary");
        _canaries["password of a new person"] = person.Password;

        // A sign-in in a browser, with an instance; wrong ones too, with the password in the wrong field.
        using Browser browser = await target.Ann.InsideAsync(target.Origin("ann-desk"));
        foreach (Uri origin in (Uri[])[new Uri(target.Carrel.Url), target.Origin("ann-desk")])
        {
            foreach ((string name, string value) in browser.CookiesOf(origin).Where(cookie => cookie.Value.Length >= 32))
                _canaries[$"cookie {name} of {origin.Host}"] = value;
        }

        using var stranger = new Browser(target.Carrel);
        _canaries["password in the place of a name"] = "canary-" + Guid.NewGuid().ToString("N");
        _canaries["wrong password"] = "canary-" + Guid.NewGuid().ToString("N");
        await stranger.SignInAsync(await stranger.OpenAsync(target.Carrel.Url + "/signin"), _canaries["password in the place of a name"], _canaries["wrong password"]);

        // Codes and tokens, good and refused.
        Code code = await target.Ann.CodeAsync();
        _canaries["authorization code"] = code.Value;
        _canaries["PKCE verifier"] = code.Verifier;
        JsonNode tokens = await target.Ann.RedeemAsync(code);
        _canaries["access token"] = tokens["access_token"]!.GetValue<string>();
        await target.Ann.RedeemAsync(code);
        await target.AskAsync(_canaries["access token"], HttpMethod.Get, target.AnnsDesk);
        await target.AskAsync(await target.Bob.TokenAsync(), HttpMethod.Delete, target.AnnsDesk);
        _canaries["token of a request that was refused"] = await target.Bob.TokenAsync();

        // A program with a secret, used rightly and wrongly.
        JsonNode program = JsonNode.Parse(await (await target.Administrator.Http.PostAsJsonAsync("/v1.0/servicePrincipals", new { displayName = "canary" })).Content.ReadAsStringAsync())!;
        JsonNode added = JsonNode.Parse(await (await target.Administrator.Http.PostAsJsonAsync(
            $"/v1.0/servicePrincipals/{program["id"]}/addPassword", new { passwordCredential = new { displayName = "one" } })).Content.ReadAsStringAsync())!;
        _canaries["client secret"] = added["secretText"]!.GetValue<string>();
        _canaries["wrong client secret"] = "canary-" + Guid.NewGuid().ToString("N");
        _canaries["first client secret"] = target.Carrel.Client["CARREL_CLIENT_SECRET"];
        foreach (string secret in (string[])[_canaries["client secret"], _canaries["wrong client secret"]])
            await RedeemSecretAsync(program["appId"]!.GetValue<string>(), secret);

        // Secrets of machines.
        string container = await target.ContainerAsync("ann-desk");
        _canaries["machine secret"] = (await DockerObjects.RunAsync("exec", container, "cat", "/var/lib/carrel/machine-secret")).Output.Trim();
        _canaries["Jupyter's secret"] = (await DockerObjects.RunAsync("exec", container, "cat", "/run/carrel/jupyter-secret")).Output.Trim();

        // A body with a secret that is refused.
        _canaries["secret in a refused body"] = "canary-" + Guid.NewGuid().ToString("N");
        JsonObject body = JsonNode.Parse(ArmClient.InstanceBody())!.AsObject();
        body["properties"]!["properties"]!["customServices"] = new JsonArray(new JsonObject
        {
            ["name"] = "s",
            ["image"] = new JsonObject { ["reference"] = "r" },
            ["environmentVariables"] = new JsonObject { ["KEY"] = new JsonObject { ["type"] = "local", ["value"] = _canaries["secret in a refused body"] } },
        });
        ((int)(await target.Administrator.SendAsync(HttpMethod.Put, target.Carrel.Workspace + "/computes/refused", body.ToJsonString())).Status).ShouldBe(400);
    }

    private async Task RedeemSecretAsync(string clientId, string secret)
    {
        using HttpClient http = target.Carrel.CreateClient();
        using HttpResponseMessage answer = await http.PostAsync($"/{target.Tenant}/oauth2/v2.0/token", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials", ["client_id"] = clientId, ["client_secret"] = secret, ["scope"] = target.Carrel.Url + "/.default",
        }));
        JsonNode body = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        if (body["access_token"] is { } token)
            _canaries["access token of a program"] = token.GetValue<string>();
    }

    private void Look(string where, string text)
    {
        foreach ((string what, string secret) in _canaries)
            text.Contains(secret, StringComparison.Ordinal).ShouldBeFalse($"{what} stands in {where}");
    }

    private static async Task<byte[]> ReadAsync(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        return copy.ToArray();
    }

    private static string CommandLine(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline"));
        }
        catch (IOException)
        {
            return "";
        }
    }
}
