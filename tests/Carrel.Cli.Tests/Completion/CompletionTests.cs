using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Carrel.Cli.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace Carrel.Cli.Tests.Completion;

public sealed class CompletionTests : IDisposable
{
    private readonly Cli _cli = new();

    private async Task<string[]> OfferAsync(params string[] words)
    {
        (await _cli.RunAsync(["__complete", .. words])).ShouldBe(ExitCode.Ok);
        _cli.Error.ShouldBeEmpty();
        return _cli.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private void List() => _cli.Server.On($"GET {Cli.Workspace}/computes", 200, $$"""{"value":[{{Cli.Compute("ada-1x")}},{{Cli.Compute("bob-1x")}}]}""");

    [Theory]
    [InlineData("comp", "completion compute")]
    [InlineData("compute|st", "start stop")]
    [InlineData("compute|list|-o|", "json table tsv yaml")]
    [InlineData("compute|list|--output|t", "table tsv")]
    [InlineData("compute|list|-w|ws2|--output|t", "table tsv")]
    [InlineData("compute|show|ci1|", "")]
    [InlineData("compute|create|--tags|a=b|c=d|", "")]
    [InlineData("", "account ad completion compute group keep-awake login logout schedule sp user version workspace")]
    [InlineData("compute|list|--ty", "--type")]
    [InlineData("compute|create|--type|", "ComputeInstance")]
    [InlineData("compute|enable-sso|x|--enable-sso|", "off on")]
    [InlineData("completion|", "bash fish zsh")]
    [InlineData("compute|frob|", "")]
    [InlineData("compute|create|-f|", "")]
    public async Task Verbs_flags_and_values_are_offered(string words, string offered) =>
        (await OfferAsync(words.Split('|'))).ShouldBe(offered.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    [Theory]
    [InlineData("compute|show|")]
    [InlineData("compute|show|-n|")]
    [InlineData("compute|stop|--name|")]
    [InlineData("compute|update|")]
    [InlineData("compute|events|--offset|1d|")]
    [InlineData("compute|delete|-y|")]
    public async Task Names_of_the_workspace_are_offered(string words)
    {
        List();
        (await OfferAsync(words.Split('|'))).ShouldBe(["ada-1x", "bob-1x"]);
    }

    [Fact]
    public async Task Names_are_those_of_the_workspace_that_is_named_on_the_line()
    {
        _cli.Server.On($"GET {Cli.Workspace.Replace("ws1", "ws2", StringComparison.Ordinal)}/computes", 200, $$"""{"value":[{{Cli.Compute("other")}}]}""");
        (await OfferAsync("compute", "show", "-w", "ws2", "")).ShouldBe(["other"]);
    }

    [Fact]
    public async Task What_is_typed_narrows_the_names()
    {
        List();
        (await OfferAsync("compute", "show", "b")).ShouldBe(["bob-1x"]);
    }

    [Fact]
    public async Task A_new_instance_has_no_names_to_offer()
    {
        List();
        (await OfferAsync("compute", "create", "")).ShouldBeEmpty();
        _cli.Server.Seen.ShouldBeEmpty();
    }

    [Fact]
    public async Task Where_the_server_refuses_nothing_is_offered_and_nothing_said()
    {
        _cli.Server.On($"GET {Cli.Workspace}/computes", 403, """{"error":{"code":"AuthorizationFailed","message":"No."}}""");
        (await OfferAsync("compute", "show", "")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Where_nobody_is_signed_in_nothing_is_offered_and_nothing_said()
    {
        _cli.Environment.Clear();
        _cli.Environment["HOME"] = _cli.Folder;
        (await OfferAsync("compute", "show", "")).ShouldBeEmpty();
        _cli.Server.Seen.ShouldBeEmpty();
    }

    /// <summary>Bash itself, with the script and the program as they are installed: what it would put on the line.</summary>
    private async Task<string[]> InBashAsync(string words, params (string Name, string Value)[] environment)
    {
        const string script = """
            source <(carrel completion bash)
            [[ $(complete -p carrel) == *"-F _carrel carrel" ]] || exit 9
            COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
            _carrel
            printf '%s\n' "${COMPREPLY[@]}"
            """;
        var start = new ProcessStartInfo("bash", ["-c", script, "bash", .. words.Split('|')]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("CARREL_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        start.Environment["HOME"] = _cli.Folder;
        start.Environment["PATH"] = $"{AppContext.BaseDirectory}:{start.Environment["PATH"]}";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var bash = Process.Start(start)!;
        var error = bash.StandardError.ReadToEndAsync();
        var output = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();
        (await error).ShouldBeEmpty();
        bash.ExitCode.ShouldBe(0);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    [Theory]
    [InlineData("carrel|compute|re", "reimage restart")]
    [InlineData("carrel|compute|list|-o|", "json table tsv yaml")]
    [InlineData("carrel|compute|show|", "")]
    [InlineData("carrel|workspace|--h", "--help")]
    public async Task Bash_completes_with_the_script(string words, string offered) =>
        (await InBashAsync(words)).ShouldBe(offered.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    [Fact]
    public async Task Bash_completes_names_when_somebody_is_signed_in()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
        using var certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        await using var server = builder.Build();
        server.Run(async context => await context.Response.WriteAsync(context.Request.Path.Value!.EndsWith("/token", StringComparison.Ordinal)
            ? Cli.TokenBody("app") : $$"""{"value":[{{Cli.Compute("ada-1x")}},{{Cli.Compute("bob-1x")}}]}"""));
        await server.StartAsync(TestContext.Current.CancellationToken);
        var address = new Uri(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

        (string, string)[] environment =
        [
            ("CARREL_URL", $"https://localhost:{address.Port}"), ("CARREL_CA", _cli.Write("ca.pem", certificate.ExportCertificatePem())), ("CARREL_TENANT", "ten1"),
            ("CARREL_SUBSCRIPTION", "sub1"), ("CARREL_GROUP", "rg1"), ("CARREL_WORKSPACE", "ws1"), ("CARREL_CLIENT_ID", "c"), ("CARREL_CLIENT_SECRET", "s"),
        ];
        // On a machine too busy to answer in time the script is silent by design, so it is asked again, as a person would press the key again.
        string[] offered = [];
        for (var attempt = 0; attempt < 10 && offered.Length == 0; attempt++)
            offered = await InBashAsync("carrel|compute|stop|a", environment);
        offered.ShouldBe(["ada-1x"]);
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _carrel carrel")]
    [InlineData("zsh", "compdef _carrel carrel")]
    [InlineData("fish", "complete -c carrel")]
    public async Task Each_shell_has_its_script(string shell, string part)
    {
        (await _cli.RunAsync("completion", shell)).ShouldBe(ExitCode.Ok);
        _cli.Out.ShouldContain(part);
        _cli.Server.Seen.ShouldBeEmpty();
    }

    public void Dispose() => _cli.Dispose();
}
