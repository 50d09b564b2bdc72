using System.Text.Json.Nodes;
using Carrel.Simulation.Tests.World;
using Carrel.TestKit.Engines;

namespace Carrel.Simulation.Tests.Checks;

/// <summary>What clients see over the wire is what there is: the usage is that of the instances that exist, and the lists show them.</summary>
internal static class ListingRules
{
    private const string Locations = "/subscriptions/" + EngineUnderTest.Subscription + "/providers/Microsoft.MachineLearningServices/locations/";

    /// <summary>What is wrong, or null; null also when something changed while it looked.</summary>
    internal static async Task<string?> FaultAsync(SimulatedWorld world, string workspace)
    {
        int position = world.History.Committed;
        string location = SimulatedWorld.LocationOf(workspace);
        WireAnswer usages = await world.SendAsync("GET", $"{Locations}{location}/usages");
        WireAnswer list = await world.SendAsync("GET", SimulatedWorld.Workspace(workspace) + "/computes");
        Snapshot now = world.History.Now;
        if (world.History.Position != position)
            return null;
        SeenInstance[] there = [.. now.Instances.Values.Where(instance => instance.Location == location)];
        if (Used(usages, "Total Cluster Dedicated Regional vCPUs") != there.Sum(instance => instance.Cores) || Used(usages, "Clusters") != there.Length)
            return $"Usages of {location} do not fit ({now}): {usages.Text}";
        bool exists = now.Workspaces.Values.Any(candidate => candidate.Name == workspace);
        if (list.Status != (exists ? 200 : 404))
            return $"The list of {workspace} was answered {list.Status}.";
        if (!exists)
            return null;
        string shown = Lines(list.Body["value"]!.AsArray().Select(row => $"{row!["name"]} {row["properties"]!["properties"]!["state"]}"));
        string expected = Lines(there.Where(instance => instance.Workspace == workspace).Select(instance => $"{instance.Name} {instance.State}"));
        return shown == expected ? null : $"The list of {workspace} shows {shown} for {expected}.";
    }

    private static int Used(WireAnswer usages, string name) => usages.Body["value"]!.AsArray()
        .First(row => row!["name"]!["value"]!.GetValue<string>() == name)!["currentValue"]!.GetValue<int>();

    private static string Lines(IEnumerable<string> words) => string.Join(", ", words.Order(StringComparer.Ordinal));
}
