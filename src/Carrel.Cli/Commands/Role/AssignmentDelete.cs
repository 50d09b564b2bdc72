using System.CommandLine;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;
using Carrel.Cli.Roles;

namespace Carrel.Cli.Commands.Role;

/// <summary><c>carrel role assignment delete</c> (RoleAssignments_Delete).</summary>
internal sealed class AssignmentDelete(CliHost host) : ServerVerb(host, "delete", "Take roles away again; it takes effect at once.")
{
    private readonly AssignmentQuery _query = new();
    private readonly Option<string[]> _ids = new("--ids") { Description = "Full ids of the assignments, instead of role, assignee and scope.", HelpName = "id", AllowMultipleArgumentsPerToken = true };
    private readonly Confirmation _confirmation = new(host);

    /// <inheritdoc/>
    protected override void AddOptions(Command command)
    {
        _query.AddTo(command);
        command.Add(_ids);
        _confirmation.AddTo(command);
    }

    /// <inheritdoc/>
    protected override async Task RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var ids = parsed.GetValue(_ids) ?? [];
        if (ids.Length == 0 && !_query.IsNarrow(parsed))
            throw CliException.Usage("Say which: give --ids, or --assignee or --role with the scope.");
        if (ids.Length > 0 && _query.IsNarrow(parsed))
            throw CliException.Usage("Give --ids, or --assignee and --role, not both.");
        using var context = await OpenAsync(cancel);
        if (ids.Length == 0)
        {
            // Only what lies at the scope itself: what is inherited is taken away where it was given.
            var rows = await _query.RowsAsync(
                parsed, new RoleClient(context.Client), _query.Scope(parsed, context.Settings), exactly: true, inherited: false, all: false, groups: false, cancel);
            ids = [.. rows.Select(row => row["id"]!.ToString())];
        }
        if (ids.Length == 0)
            throw new CliException(ExitCode.NotFound, "There is no such role assignment at this scope; nothing was done. 'carrel role assignment list --include-inherited' shows those above.");
        if (ids.Length > 1)
            _confirmation.Require(parsed, $"Take {ids.Length} roles away?");
        foreach (var id in ids)
            await context.Client.SendAsync(HttpMethod.Delete, CommandContext.Versioned(RoleScopeOption.Encode(id)), null, cancel);
    }
}
