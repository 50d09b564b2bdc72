using System.Text.Json.Nodes;
using Carrel.Agent.Commands;

namespace Carrel.Agent.Tests.Commands;

/// <summary>What AzureCliCredential of Python, JavaScript and .NET asks of az, and what it understands.</summary>
public sealed class AzureCommandTests
{
    private const string Token = """{"access_token":"t","expires_on":"1795590000","resource":"r","token_type":"Bearer"}""";

    [Theory]
    [InlineData("https://management.azure.com", "account", "get-access-token", "--output", "json", "--resource", "https://management.azure.com")]
    [InlineData("https://management.azure.com", "account", "get-access-token", "--output", "json", "--scope", "https://management.azure.com/.default", "--tenant", "x")]
    [InlineData("https://management.azure.com/", "account", "get-access-token", "--scope=https://management.azure.com//.default")]
    [InlineData("https://here", "account", "get-access-token")]
    public async Task The_owners_token_is_given_in_the_clis_words(string resource, params string[] arguments)
    {
        (int code, string output, _, string? asked) = await RunAsync(200, Token, arguments);
        (code, asked).ShouldBe((0, resource));
        JsonNode answer = JsonNode.Parse(output)!;
        (answer["accessToken"]!.GetValue<string>(), answer["expires_on"]!.GetValue<long>(), answer["tokenType"]!.GetValue<string>(), answer["subscription"]!.GetValue<string>())
            .ShouldBe(("t", 1795590000, "Bearer", "sub"));
        DateTime.ParseExact(answer["expiresOn"]!.GetValue<string>(), "yyyy-MM-dd HH:mm:ss.ffffff", null).ToUniversalTime()
            .ShouldBe(DateTimeOffset.FromUnixTimeSeconds(1795590000).UtcDateTime);
    }

    [Fact]
    public async Task Without_single_sign_on_a_library_hears_what_lets_it_go_on()
    {
        (int code, string output, string errors, _) = await RunAsync(403, """{"error":"access_denied","error_description":"It is off."}""", "account", "get-access-token", "--resource", "r");
        (code, output).ShouldBe((1, ""));
        errors.ShouldBe("ERROR: Please run 'az login' to setup account.\nIt is off.\n");
        (await RunAsync(0, "", "account", "get-access-token")).Code.ShouldBe(1);
        (await RunAsync(200, "[]", "account", "get-access-token")).Code.ShouldBe(1);
    }

    [Theory]
    [InlineData("login")]
    [InlineData("account", "show")]
    [InlineData("account", "get-access-token", "--resource", "a", "--scope", "b/.default")]
    public async Task Everything_else_is_refused_without_asking(params string[] arguments)
    {
        (int code, _, string errors, string? asked) = await RunAsync(200, Token, arguments);
        (code, asked).ShouldBe((2, null));
        errors.ShouldStartWith("ERROR: ");
    }

    [Fact]
    public async Task As_text_it_is_the_token_alone() =>
        (await RunAsync(200, Token, "account", "get-access-token", "--resource", "r", "-o", "tsv")).Output.ShouldBe("t\n");

    private static async Task<(int Code, string Output, string Errors, string? Asked)> RunAsync(int status, string body, params string[] arguments)
    {
        string? asked = null;
        using var output = new StringWriter { NewLine = "\n" };
        using var errors = new StringWriter { NewLine = "\n" };
        int code = await AzureCommand.RunAsync(
            arguments,
            name => name switch { "CARREL_URL" => "https://here", "CARREL_SUBSCRIPTION" => "sub", "CARREL_TENANT" => "ten", _ => null },
            resource =>
            {
                asked = resource;
                return Task.FromResult((status, body));
            },
            output,
            errors);
        return (code, output.ToString(), errors.ToString(), asked);
    }
}
