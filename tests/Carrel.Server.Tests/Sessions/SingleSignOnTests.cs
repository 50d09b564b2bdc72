using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Carrel.TestKit.Servers;
using Shouldly;
using Xunit;

namespace Carrel.Server.Tests.Sessions;

/// <summary>The owner's credential inside a real machine (contract 9.2).</summary>
public sealed class SingleSignOnTests
{
    private const string Azure = ". /etc/profile.d/carrel.sh; az account get-access-token --output json --resource https://management.azure.com";

    [Fact]
    public async Task The_owner_acts_inside_without_a_login_while_signed_in_and_single_sign_on_is_on()
    {
        await using RunningCarrel carrel = await RunningCarrel.StartAsync();
        using ArmClient arm = await ArmClient.SignInAsync(carrel);
        string[] lines = File.ReadAllLines(Path.Combine(carrel.DataFolder, "administrator"));
        (string user, string password) = (lines[0]["user: ".Length..], lines[1]["password: ".Length..]);
        JsonNode users = JsonNode.Parse(await arm.Http.GetStringAsync("/v1.0/users"))!;
        string owner = users["value"]!.AsArray().Single(row => row!["userPrincipalName"]!.GetValue<string>() == user)!["id"]!.GetValue<string>();
        string desk = carrel.Workspace + "/computes/sso-desk";
        await arm.WaitAsync(await arm.SendAsync(
            HttpMethod.Put,
            desk,
            $$$$$$"""{"properties":{"computeType":"ComputeInstance","properties":{"vmSize":"STANDARD_DS1_V2","personalComputeInstanceSettings":{"assignedUser":{"objectId":"{{{{{{owner}}}}}}","tenantId":"{{{{{{carrel.Client["CARREL_TENANT"]}}}}}}"}}}}}"""));
        string machine = (await DockerObjects.OfAsync(carrel.Installation)).Containers.Single();

        (await RefusalAsync(machine)).ShouldBe("ERROR: Please run 'az login' to setup account.", "nobody is signed in");

        using var browser = new Browser(carrel);
        var origin = new Uri($"https://sso-desk.{carrel.Client["CARREL_LOCATION"]}.instances.localhost:{new Uri(carrel.Url).Port}/lab");
        (await browser.SignInAsync(await browser.OpenAsync(origin.ToString()), user, password)).StatusCode.ShouldBe(HttpStatusCode.OK);
        JsonNode answer = JsonNode.Parse(await DockerObjects.ExecuteAsync(machine, Azure))!;
        string token = answer["accessToken"]!.GetValue<string>();
        JsonNode claims = JsonNode.Parse(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token.Split('.')[1])))!;
        (claims["oid"]!.ToString(), claims["upn"]!.ToString(), claims["idtyp"]!.ToString(), claims["exp"]!.GetValue<long>() - claims["iat"]!.GetValue<long>()).ShouldBe((owner, user, "user", 600));
        (await StatusAsync(carrel, token, HttpMethod.Get, desk)).ShouldBe(HttpStatusCode.OK);

        // Another user of the machine does not get it, and it lies nowhere.
        (await DockerObjects.RunAsync("exec", "-u", "65534", machine, "/bin/sh", "-c", "curl -s --unix-socket /run/carrel/owner.sock http://owner/token?resource=https://management.azure.com")).Code.ShouldBe(7);
        (await DockerObjects.ExecuteAsync(machine, $"sudo grep -rlF {token[^40..]} /home /root /tmp /var /etc /run/carrel/ 2>/dev/null | wc -l")).ShouldBe("0");

        // Switched off by the owner, with that very token: it is worth nothing from the answer on.
        (await StatusAsync(carrel, token, HttpMethod.Post, desk + "/enableSso", """{"enableSSO":false}""")).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(carrel, token, HttpMethod.Get, desk)).ShouldBe(HttpStatusCode.Unauthorized);
        (await RefusalAsync(machine)).ShouldStartWith("ERROR: Please run 'az login'");
    }

    private static async Task<string> RefusalAsync(string machine)
    {
        (int code, string output) = await DockerObjects.RunAsync("exec", "-u", "azureuser", machine, "/bin/sh", "-c", Azure);
        code.ShouldBe(1, output);
        return output.Split('\n')[0];
    }

    private static async Task<HttpStatusCode> StatusAsync(RunningCarrel carrel, string token, HttpMethod method, string path, string? body = null)
    {
        using HttpClient client = carrel.CreateClient();
        using var request = new HttpRequestMessage(method, path + "?api-version=2025-12-01");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await client.SendAsync(request);
        return answer.StatusCode;
    }
}
