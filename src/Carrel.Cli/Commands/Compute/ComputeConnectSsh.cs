using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Commands.Compute;

/// <summary><c>carrel compute connect-ssh</c>: runs ssh to the address and port that the instance reports (contract 13.2), or says why there is none.</summary>
internal sealed class ComputeConnectSsh(CliHost host) : IVerb
{
    private const string PrivatePort = "22";

    private readonly Option<string?> _key = new("--private-key-file-path") { Description = "File of the private key; ssh's own choice when absent.", HelpName = "file" };
    private readonly InstanceOptions _instance = new(host);

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("connect-ssh", "Open a shell on a running instance with ssh. The exit code is that of ssh.");
        _instance.AddTo(command, _key);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await CommandContext.OpenAsync(host, cancel);
        var resource = await context.GetResourceAsync(_instance.Path(parsed, context.Settings), cancel);
        var arguments = Arguments(resource, context.Settings.Server.IdnHost);
        if (parsed.GetValue(_key) is { } key)
            arguments.InsertRange(0, ["-i", key]);
        return host.RunProgram("ssh", arguments) ?? throw CliException.Usage($"The program ssh was not found. With it: ssh {string.Join(' ', arguments)}");
    }

    /// <summary>
    /// The arguments of ssh. A port of the server is reached where the server is; the instance's own one at its private address (contract 13.2). Ports are
    /// given to other instances in time, so the host key is remembered under the instance's name.
    /// </summary>
    /// <exception cref="CliException">The instance cannot be reached by SSH; with what to do.</exception>
    private static List<string> Arguments(JsonObject resource, string server)
    {
        var inner = resource["properties"]?["properties"];
        var (name, ssh, state) = (resource["name"], inner?["sshSettings"], inner?["state"]?.ToString());
        if (ssh?["sshPublicAccess"]?.ToString() != "Enabled")
            throw new CliException(ExitCode.Refused, $"{name} has no SSH, and that is fixed at creation: create an instance with --ssh-public-access-enabled true --ssh-key-value @KEY.pub, or use the terminal of JupyterLab.");
        if (state is "Stopped" or "Stopping")
            throw new CliException(ExitCode.Refused, $"{name} is {state}: run 'carrel compute start {name}' first.");
        var address = ssh["sshPort"]?.ToString() == PrivatePort ? inner?["connectivityEndpoints"]?["privateIpAddress"]?.ToString() : server;
        if (ssh["sshPort"] is not { } port || address is null)
            throw new CliException(ExitCode.Refused, $"{name} allows SSH, but this server reports no address and port for it, so there is nothing to connect to: use the terminal of JupyterLab.");
        return ["-o", $"HostKeyAlias={name}.{resource["location"]}.instances", "-p", port.ToString(), $"{ssh["adminUserName"] ?? "azureuser"}@{address}"];
    }
}
