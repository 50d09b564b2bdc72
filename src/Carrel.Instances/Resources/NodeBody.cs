using System.Text.Json.Nodes;
using Carrel.Instances.Lifecycle;

namespace Carrel.Instances.Resources;

/// <summary>The answer of <c>listNodes</c> (contract 1.6): an instance is one node while it has a machine that is not off.</summary>
public static class NodeBody
{
    /// <summary>Writes the answer; its list is called <c>nodes</c> and not <c>value</c> (wire 1.10).</summary>
    public static JsonObject Write(ComputeInstance instance, BodyContext context) => new()
    {
        ["nodes"] = StateWord(instance.State.State) is { } word ? new JsonArray(Node(instance, word, context)) : new JsonArray(),
    };

    private static JsonObject Node(ComputeInstance instance, string word, BodyContext context) => new()
    {
        ["nodeId"] = instance.Uid.ToString("D"),
        ["privateIpAddress"] = instance.State.PrivateAddress,
        ["publicIpAddress"] = instance.Model.EnableNodePublicIp ? context.PublicAddress : null,
        ["port"] = instance.ShownSshPort,
        ["nodeState"] = word,
        ["runId"] = null,
    };

    /// <summary>The word of <c>nodeState</c>, or null where there is no node.</summary>
    private static string? StateWord(InstanceState state) => state switch
    {
        InstanceState.Running or InstanceState.UserSetupFailed => "idle",
        InstanceState.JobRunning => "running",
        InstanceState.SettingUp or InstanceState.UserSettingUp or InstanceState.Starting or InstanceState.Restarting => "preparing",
        InstanceState.SetupFailed or InstanceState.Unusable or InstanceState.Unknown => "unusable",
        InstanceState.Stopping or InstanceState.Deleting => "leaving",
        _ => null,
    };
}
