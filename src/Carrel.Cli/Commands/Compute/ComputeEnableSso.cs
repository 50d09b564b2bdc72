using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Computes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;
using Carrel.Cli.Yaml;

namespace Carrel.Cli.Commands.Compute;

/// <summary><c>carrel compute enable-sso</c> (Compute_EnableSso): effective at once, so there is nothing to wait for.</summary>
internal sealed class ComputeEnableSso(CliHost host)
    : ServerVerb(host, "enable-sso", "Turn single sign-on of an instance on, or off with --enable-sso off.")
{
    private readonly Option<string> _enable = new("--enable-sso")
    {
        Description = "on or off.", HelpName = "on|off", DefaultValueFactory = _ => "on",
    };

    private readonly InstanceOptions _instance = new(host);
    private readonly OutputOption _output = new();

    /// <inheritdoc/>
    protected override void AddOptions(Command command)
    {
        _instance.AddTo(command, _enable);
        _enable.CompletionSources.Add("on", "off");
        _output.AddTo(command);
    }

    /// <inheritdoc/>
    protected override async Task RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var word = parsed.GetValue(_enable)!;
        var enable = YamlWords.Flag(word) ?? throw CliException.Usage($"--enable-sso is '{word}'; it must be on or off.");
        using var context = await OpenAsync(cancel);
        var path = _instance.Path(parsed, context.Settings);
        await context.Client.SendAsync(HttpMethod.Post, CommandContext.Versioned($"{path}/enableSso"), new JsonObject { ["enableSSO"] = enable }, cancel);
        try
        {
            _output.Write(Host, parsed, ComputeView.From(await context.GetResourceAsync(path, cancel)), ComputeView.Columns);
        }
        catch (CliException over) when (!enable && over.ExitCode == ExitCode.NotSignedIn)
        {
            // Inside the instance its single sign-on was what did it.
            Host.Error.WriteLine($"Single sign-on of {_instance.Name(parsed)} is off, and with it the sign-in used here: 'carrel login' signs in again.");
        }
    }
}
