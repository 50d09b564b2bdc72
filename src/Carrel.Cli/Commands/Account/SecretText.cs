using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Commands.Account;

/// <summary>A secret given as itself, as <c>@FILE</c>, or as <c>-</c> for standard input.</summary>
internal static class SecretText
{
    /// <summary>The secret without a last line break.</summary>
    public static string Read(CliHost host, string given)
    {
        var text = given == "-" ? host.In.ReadToEnd() : given.StartsWith('@') ? InputFile.Read(given[1..]) : given;
        text = text.TrimEnd('\r', '\n');
        return text.Length > 0 ? text : throw CliException.Usage("The secret is empty.");
    }
}
