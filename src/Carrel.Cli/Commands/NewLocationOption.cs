using System.CommandLine;
using Carrel.Cli.Configuration;

namespace Carrel.Cli.Commands;

/// <summary><c>--location</c> of a resource group or workspace that is made.</summary>
internal sealed class NewLocationOption : Option<string?>
{
    /// <summary>The option.</summary>
    public NewLocationOption()
        : base("--location", "-l")
    {
        Description = "Location; CARREL_LOCATION or 'local' when absent.";
        HelpName = "label";
    }

    /// <summary>The location.</summary>
    public string Of(ParseResult parsed, Settings settings) => settings.Optional(parsed.GetValue(this), "CARREL_LOCATION", "location") ?? "local";
}
