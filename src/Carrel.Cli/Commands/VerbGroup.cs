using System.CommandLine;

namespace Carrel.Cli.Commands;

/// <summary>A word that only leads to verbs, such as <c>compute</c>.</summary>
internal static class VerbGroup
{
    /// <summary>The command for the parser, with its verbs in the order in which help lists them.</summary>
    public static Command Of(string name, string description, params IVerb[] verbs)
    {
        var group = new Command(name, description);
        foreach (var verb in verbs)
            group.Add(verb.Build());
        return group;
    }
}
