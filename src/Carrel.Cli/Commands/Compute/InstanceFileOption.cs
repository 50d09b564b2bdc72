using System.CommandLine;
using Carrel.Cli.Computes;
using Carrel.Cli.Configuration;
using Carrel.Cli.Yaml;

namespace Carrel.Cli.Commands.Compute;

/// <summary><c>-f</c> with the YAML file of an instance, and the request that its content makes.</summary>
internal sealed class InstanceFileOption : Option<string?>
{
    /// <summary>The option.</summary>
    /// <param name="description">What the verb does with the file.</param>
    public InstanceFileOption(string description)
        : base("--file", "-f")
    {
        Description = description;
        HelpName = "file";
    }

    /// <summary>The content of the file; null when none was given.</summary>
    /// <exception cref="Errors.CliException">It cannot be read, or is no YAML.</exception>
    public YamlMap? Read(ParseResult parsed) => parsed.GetValue(this) is { } file ? YamlFile.Parse(file, InputFile.Read(file)) : null;

    /// <summary>The request for what stood in the file, was changed by flags, or came from flags alone. Its warnings are the caller's to show.</summary>
    /// <exception cref="Errors.CliException">Something in it is wrong.</exception>
    public ComputeRequest Request(ParseResult parsed, YamlMap content, ScopeOptions scope, Settings settings) =>
        ComputeFile.Read(parsed.GetValue(this) ?? "flags", content, scope.SubscriptionId(parsed, settings), scope.GroupName(parsed, settings));
}
