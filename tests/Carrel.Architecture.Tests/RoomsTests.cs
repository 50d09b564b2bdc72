using System.Xml.Linq;
using Shouldly;
using Xunit;

namespace Carrel.Architecture.Tests;

/// <summary>Which room may reference which: docs/explanation/architecture.md.</summary>
public sealed class RoomsTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Carrel.Arm"] = [],
        ["Carrel.Instances"] = [],
        ["Carrel.AgentProtocol"] = [],
        ["Carrel.Access"] = ["Carrel.Arm"],
        ["Carrel.Engine"] = ["Carrel.Instances", "Carrel.AgentProtocol"],
        ["Carrel.Hosts.Docker"] = ["Carrel.Instances"],
        ["Carrel.Store"] = ["Carrel.Instances", "Carrel.Access", "Carrel.Arm", "Carrel.Engine"],
        ["Carrel.Api"] = ["Carrel.Arm", "Carrel.Instances", "Carrel.Engine", "Carrel.Access"],
        ["Carrel.Identity"] = ["Carrel.Access", "Carrel.AgentProtocol", "Carrel.Arm", "Carrel.Engine", "Carrel.Instances"],
        ["Carrel.Gateway"] = ["Carrel.Access", "Carrel.AgentProtocol", "Carrel.Arm", "Carrel.Instances"],
        ["Carrel.Agent"] = ["Carrel.AgentProtocol"],
        ["Carrel.Cli"] = ["Carrel.Instances"],
    };

    [Fact]
    public void Every_room_references_only_what_the_map_allows()
    {
        foreach ((string room, string[] references) in References())
        {
            if (room == "Carrel.Server")
                continue;
            Allowed.ShouldContainKey(room, "a new room needs a place on the map");
            references.Except(Allowed[room]).ShouldBeEmpty($"{room} references what the map does not allow");
        }
    }

    [Fact]
    public void Nothing_but_the_composition_references_the_server() =>
        References().Where(room => room.References.Contains("Carrel.Server")).ShouldBeEmpty();

    [Fact]
    public void The_domain_knows_no_web_framework_and_does_no_input_or_output()
    {
        string[] forbidden = ["Microsoft.AspNetCore", "System.Net.Http", "System.Net.Sockets", "File.", "Directory.", "DateTime.Now", "DateTime.UtcNow", "DateTimeOffset.UtcNow"];
        foreach (string file in Checkout.SourceFiles("src/Carrel.Instances"))
        {
            string text = File.ReadAllText(file);
            forbidden.Where(word => text.Contains(word, StringComparison.Ordinal)).ShouldBeEmpty(file);
        }
    }

    private static IEnumerable<(string Name, string[] References)> References()
    {
        foreach (string project in Directory.EnumerateFiles(Path.Combine(Checkout.Root, "src"), "*.csproj", SearchOption.AllDirectories))
        {
            yield return (
                Path.GetFileNameWithoutExtension(project),
                [.. XDocument.Load(project).Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')))]);
        }
    }
}
