using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Computes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Output;

namespace Carrel.Cli.Commands.Compute;

/// <summary><c>carrel compute list-sizes</c> (VirtualMachineSizes_List), keys as the SDK names them.</summary>
internal sealed class ComputeListSizes(CliHost host) : ResultVerb(host, "list-sizes", "List the VM sizes of a location.", Columns)
{
    private static readonly IReadOnlyList<Column> Columns =
        [new("NAME", "name"), new("VCPUS", "v_cp_us"), new("MEMORY GB", "memory_gb"), new("GPUS", "gpus"), new("FAMILY", "family"), new("FOR", "supported_compute_types")];

    private readonly Option<string?> _type = new("--type", "-t") { Description = "Only sizes that serve this type of compute.", HelpName = "type" };
    private readonly ScopeOptions _scope = new();

    /// <inheritdoc/>
    protected override void AddOwnOptions(Command command)
    {
        command.Add(_type);
        _scope.AddLocationTo(command);
        _scope.AddWorkspaceTo(command);
    }

    /// <inheritdoc/>
    protected override async Task<JsonNode> ResultAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await OpenAsync(cancel);
        var rows = await LocationRows.ReadAsync(context, parsed, _scope, "vmSizes", cancel);
        var type = parsed.GetValue(_type) is { } given ? ComputeFile.TypeWord(given) : null;
        return new JsonArray([.. rows.Where(row => type is null || Serves(row, type)).Select(View)]);
    }

    private static bool Serves(JsonObject row, string type) =>
        (row["supportedComputeTypes"] as JsonArray ?? []).Any(entry => entry is not null && ComputeFile.TypeWord(entry.ToString()) == type);

    private static JsonObject View(JsonObject row) => new()
    {
        ["name"] = ComputeView.Copy(row["name"]),
        ["family"] = ComputeView.Copy(row["family"]),
        ["v_cp_us"] = ComputeView.Copy(row["vCPUs"]),
        ["gpus"] = ComputeView.Copy(row["gpus"]),
        ["os_vhd_size_mb"] = ComputeView.Copy(row["osVhdSizeMB"]),
        ["max_resource_volume_mb"] = ComputeView.Copy(row["maxResourceVolumeMB"]),
        ["memory_gb"] = ComputeView.Copy(row["memoryGB"]),
        ["low_priority_capable"] = ComputeView.Copy(row["lowPriorityCapable"]),
        ["premium_io"] = ComputeView.Copy(row["premiumIO"]),
        ["supported_compute_types"] = ComputeView.Copy(row["supportedComputeTypes"]),
    };
}
