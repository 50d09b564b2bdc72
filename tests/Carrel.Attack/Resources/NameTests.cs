using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Carrel.Attack.Resources;

/// <summary>Names that are another's after case, encoding or normalisation, and texts that are more than text.</summary>
public sealed class NameTests(Target target)
{
    [Theory(DisplayName = "A59 A second resource under another spelling of a name")]
    [InlineData("ANN-DESK")]
    [InlineData("ann%2Ddesk")]
    [InlineData("%61nn-desk")]
    public async Task Another_spelling_of_an_instance(string spelling)
    {
        string path = $"{target.Carrel.Workspace}/computes/{spelling}";
        ArmAnswer seen = await target.AskAsync(target.Administrator.Token, HttpMethod.Get, path);
        seen.Body!["id"]!.GetValue<string>().ShouldBe(target.AnnsDesk, StringCompareShould.IgnoreCase);
        ((int)(await target.AskAsync(await target.Bob.TokenAsync(), HttpMethod.Put, path, ArmClient.InstanceBody())).Status).ShouldBe(403);
        (await target.AskAsync(target.Administrator.Token, HttpMethod.Get, target.Carrel.Workspace + "/computes")).Body!["value"]!.AsArray()
            .Count(row => string.Equals(row!["name"]!.GetValue<string>(), "ann-desk", StringComparison.OrdinalIgnoreCase)).ShouldBe(1);
    }

    [Theory(DisplayName = "A60 Names with bytes that other parsers read differently")]
    [InlineData("ann-desk%00")]
    [InlineData("ann-desk%20")]
    [InlineData("ann-desk%2f..%2fbob-desk")]
    [InlineData("ann-desk%0a")]
    [InlineData("%EF%BD%81nn-desk")]
    [InlineData("ann-desk.")]
    [InlineData("..%2f..%2fcomputes%2fann-desk")]
    [InlineData("ann%u002ddesk")]
    public async Task Names_of_two_readings(string name)
    {
        string path = $"{target.Carrel.Workspace}/computes/{name}";
        ((int)(await target.AskAsync(target.Administrator.Token, HttpMethod.Put, path, ArmClient.InstanceBody())).Status).ShouldBeOneOf([400, 404, 405], name);
        ((int)(await target.AskAsync(target.Administrator.Token, HttpMethod.Post, path + "/stop")).Status).ShouldBeOneOf([400, 404, 405], name);
        (await target.AskAsync(target.Administrator.Token, HttpMethod.Get, target.AnnsDesk)).Body!["properties"]!["properties"]!["state"]!.GetValue<string>().ShouldBe("Running");
    }

    [Theory(DisplayName = "A61 Path traversal in each name of a path")]
    [InlineData("..")]
    [InlineData("%2e%2e")]
    [InlineData("..%2f..%2fetc")]
    [InlineData("..%5c..%5cetc")]
    [InlineData("%252e%252e%252f")]
    [InlineData("....//")]
    public async Task Traversal(string name)
    {
        string group = target.Carrel.Client["CARREL_GROUP"], workspace = target.Carrel.Client["CARREL_WORKSPACE"], token = target.Administrator.Token;
        foreach (string path in (string[])
        [
            target.AnnsDesk.Replace("/ann-desk", "/" + name, StringComparison.Ordinal),
            target.Carrel.Workspace.Replace("/workspaces/" + workspace, "/workspaces/" + name, StringComparison.Ordinal),
            target.Carrel.Workspace.Replace("/resourceGroups/" + group, "/resourceGroups/" + name, StringComparison.Ordinal),
            $"/v1.0/users/{name}",
        ])
        {
            await using RawConnection connection = await RawConnection.OpenAsync(target.Carrel, "localhost");
            string answer = await connection.SendAsync(
                $"PUT {path}?api-version=2025-12-01 HTTP/1.1\r\nHost: {new Uri(target.Carrel.Url).Authority}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: 22\r\nConnection: close\r\n\r\n{{\"location\": \"local\" }}");
            answer.ShouldMatch("^HTTP/1.1 (400|404|405) ", path);
        }

        Directory.GetFileSystemEntries(Path.Combine(target.Carrel.DataFolder, "shares")).Select(Path.GetFileName).Where(entry => !Guid.TryParse(entry, out Guid _)).ShouldBeEmpty();
    }

    [Theory(DisplayName = "A62 A second person under another spelling of a name")]
    [InlineData("ANN@carrel.local")]
    [InlineData("ann@CARREL.local")]
    [InlineData("\uff41nn@carrel.local")]
    [InlineData("ann\u200b@carrel.local")]
    [InlineData(" ann@carrel.local")]
    [InlineData("ann@carrel.local\u0000")]
    public async Task Another_spelling_of_a_person(string name)
    {
        using HttpResponseMessage answer = await target.Administrator.Http.PostAsJsonAsync(
            "/v1.0/users", new { displayName = "x", userPrincipalName = name, passwordProfile = new { password = "long-enough-and-known" } });
        ((int)answer.StatusCode).ShouldBeOneOf([400, 409], await answer.Content.ReadAsStringAsync());
    }

    [Fact(DisplayName = "A63 Stored script: the name of a person on a page")]
    public async Task A_script_as_a_name()
    {
        Person person = await target.AddPersonAsync("scripted", "<script>alert(1)</script><img src=x onerror=alert(1)>");
        using Browser browser = await person.BrowserAsync();
        HttpResponseMessage page = await browser.OpenAsync(target.Carrel.Url + "/");
        string html = await page.Content.ReadAsStringAsync();
        html.ShouldContain("&lt;script&gt;");
        html.ShouldNotContain("<script", Case.Insensitive);
        html.ShouldNotContain("<img", Case.Insensitive);
        page.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("default-src 'none'");
    }

    [Fact(DisplayName = "A64 Stored script: tags, descriptions and services, read by a browser")]
    public async Task A_script_in_resources()
    {
        const string Script = "<script>alert(1)</script>";
        ArmAnswer patched = await target.Administrator.SendAsync(HttpMethod.Patch, target.BobsDesk, new JsonObject { ["tags"] = new JsonObject { ["x"] = Script } }.ToJsonString());
        ((int)patched.Status).ShouldBe(200);
        ArmAnswer read = await target.AskAsync(target.Administrator.Token, HttpMethod.Get, target.BobsDesk, change: request => request.Headers.Accept.ParseAdd("text/html"));
        read.Message.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        read.Message.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
        ArmAnswer refused = await target.AskAsync(target.Administrator.Token, HttpMethod.Put, $"{target.Carrel.Workspace}/computes/{Uri.EscapeDataString("<script>")}", ArmClient.InstanceBody());
        refused.Message.Content.Headers.ContentType!.MediaType.ShouldBe("application/json", "what a refusal repeats is no page");
    }

    [Fact(DisplayName = "A65 A script in the address of an instance's page")]
    public async Task A_script_in_an_address()
    {
        using Browser bob = await target.Bob.BrowserAsync();
        foreach (string address in (string[])[new Uri(target.Origin("nobodys"), "/<script>alert(1)</script>").ToString(), $"{target.Carrel.Url}/signin?return=/%22%3E%3Cscript%3Ealert(1)%3C/script%3E", $"{target.Carrel.Url}/{target.Tenant}/oauth2/v2.0/authorize?client_id=%3Cscript%3E&error=%3Cscript%3E"])
        {
            string page = await (await bob.OpenAsync(address)).Content.ReadAsStringAsync();
            page.ShouldNotContain("<script", Case.Insensitive, address);
        }
    }
}
