using System.CommandLine.Completions;
using Carrel.Cli.Commands;
using Carrel.Cli.Configuration;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Completion;

/// <summary>The names of the computes of a workspace for the shell. Whatever is in the way, there are no names and no message: a person is typing.</summary>
internal sealed class ComputeNames(CliHost host, ScopeOptions scope)
{
    /// <summary>A shell that waits longer than this feels stuck.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The names that begin with what is typed.</summary>
    public IEnumerable<CompletionItem> Complete(CompletionContext context)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            // The parser completes synchronously, and this process does nothing else.
            return ReadAsync(context, limit.Token).GetAwaiter().GetResult();
        }
        catch (Exception problem) when (problem is CliException or OperationCanceledException or InvalidOperationException)
        {
            return [];
        }
    }

    private async Task<List<CompletionItem>> ReadAsync(CompletionContext context, CancellationToken cancel)
    {
        using var command = await CommandContext.OpenAsync(host, cancel);
        var path = $"{scope.Workspace(context.ParseResult, command.Settings)}/computes";
        var rows = await command.Client.ListAsync(CommandContext.Versioned(path), cancel);
        return [.. rows.Select(row => row["name"]?.ToString()).OfType<string>().Select(name => new CompletionItem(name))];
    }
}
