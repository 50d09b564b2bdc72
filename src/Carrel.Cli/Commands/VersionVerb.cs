using System.CommandLine;
using System.Reflection;
using Carrel.Cli.Consoles;

namespace Carrel.Cli.Commands;

/// <summary><c>carrel version</c>.</summary>
internal sealed class VersionVerb(CliHost host) : IVerb
{
    /// <summary>The version of this program.</summary>
    public static string Current =>
        typeof(VersionVerb).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("version", "Print the version of this program.");
        command.SetAction(_ => host.Out.WriteLine($"carrel {Current}"));
        return command;
    }
}
