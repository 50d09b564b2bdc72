using System.CommandLine;
using System.CommandLine.Completions;
using Carrel.Cli.Commands;

namespace Carrel.Cli.Completion;

/// <summary>What a shell can offer for a line that is being typed. The words are walked here: the parser's own completion takes a finished value for one that is being typed.</summary>
internal static class Suggestions
{
    /// <summary>The first word by which the completion scripts ask.</summary>
    public const string Word = "__complete";

    /// <summary>Offers for the last of <paramref name="words"/>, which may be empty: verbs, flags, values and names, in order.</summary>
    public static IEnumerable<string> For(RootCommand root, IReadOnlyList<string> words)
    {
        var typed = words.Count == 0 ? string.Empty : words[^1];
        var standing = words.SkipLast(1).ToList();
        return Offers(root, standing, typed).Where(text => text.StartsWith(typed, StringComparison.Ordinal))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
    }

    private static IEnumerable<string> Offers(RootCommand root, List<string> standing, string typed)
    {
        Command command = root;
        Option? open = null;
        var place = 0;
        foreach (var word in standing)
        {
            if (word.StartsWith('-'))
            {
                open = Options(root, command).FirstOrDefault(option => Names(option).Contains(word));
                if (open?.ValueType == typeof(bool))
                    open = null;
            }
            else if (open is not null)
            {
                open = open.AllowMultipleArgumentsPerToken ? open : null;
            }
            else if (command.Subcommands.FirstOrDefault(verb => verb.Name == word) is { } verb)
            {
                command = verb;
            }
            else if (command.Subcommands.Count > 0)
            {
                return [];
            }
            else
            {
                place++;
            }
        }
        if (typed.StartsWith('-'))
            return Options(root, command).SelectMany(Names).Where(name => name.StartsWith("--", StringComparison.Ordinal));
        var context = root.Parse(standing, CliApplication.Parsing).GetCompletionContext();
        if (open is not null)
            return Values(open.CompletionSources, context);
        return command.Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name)
            .Concat(command.Arguments.Skip(place).Take(1).SelectMany(argument => Values(argument.CompletionSources, context)));
    }

    private static IEnumerable<Option> Options(RootCommand root, Command command) =>
        command.Options.Concat(root.Options.Where(option => option.Recursive)).Where(option => !option.Hidden);

    private static IEnumerable<string> Names(Option option) => option.Aliases.Prepend(option.Name);

    private static IEnumerable<string> Values(IEnumerable<Func<CompletionContext, IEnumerable<CompletionItem>>> sources, CompletionContext context) =>
        sources.SelectMany(source => source(context)).Select(item => item.Label);
}
