using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Computes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;
using Carrel.Cli.Yaml;

namespace Carrel.Cli.Commands.Compute;

/// <summary><c>carrel compute enable-sso</c> (Compute_EnableSso): effective at once, so there is nothing to wait for.</summary>
internal sealed class ComputeEnableSso(CliHost host) : IVerb
{
    private readonly Option<string> _enable = new("--enable-sso")
    {
        Description = "on or off.", HelpName = "on|off", DefaultValueFactory = _ => "on",
    };

    private readonly InstanceName _name = new();
    private readonly ScopeOptions _scope = new();
    private readonly OutputOption _output = new();

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("enable-sso", "Turn single sign-on of an instance on, or off with --enable-sso off.");
        _name.AddTo(command, host, _scope);
        command.Add(_enable);
        _enable.CompletionSources.Add("on", "off");
        _scope.AddWorkspaceTo(command);
        _output.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var word = parsed.GetValue(_enable)!;
        var enable = YamlWords.Flag(word) ?? throw CliException.Usage($"--enable-sso is '{word}'; it must be on or off.");
        using var context = await CommandContext.OpenAsync(host, cancel);
        var path = _scope.Compute(parsed, context.Settings, _name.Of(parsed));
        await context.Client.SendAsync(HttpMethod.Post, CommandContext.Versioned($"{path}/enableSso"), new JsonObject { ["enableSSO"] = enable }, cancel);
        try
        {
            _output.Write(host, parsed, ComputeView.From(await context.GetResourceAsync(path, cancel)), ComputeView.Columns);
        }
        catch (CliException over) when (!enable && over.ExitCode == ExitCode.NotSignedIn)
        {
            // Inside the instance its single sign-on was what did it.
            host.Error.WriteLine($"Single sign-on of {_name.Of(parsed)} is off, and with it the sign-in used here: 'carrel login' signs in again.");
        }
        return ExitCode.Ok;
    }
}
