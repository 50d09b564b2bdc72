using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Carrel.Instances.Specs.Validation;

/// <summary>Custom services (contract 13.3).</summary>
internal static partial class CustomServiceValidator
{
    // The Python reader throws for ports outside these (wire 3.2).
    private const int MinimumPort = 1026;
    private const int MaximumPort = 65534;

    // Private-link workspaces forward only these.
    private const int MinimumPrivatePort = 8704;
    private const int MaximumPrivatePort = 8993;

    /// <summary>Ports the instance itself listens on: the agent (8200 before there were lines for requests), Jupyter, tokens.</summary>
    private static readonly int[] OwnPorts = [8200, 8201, 8443, 8888, 46808];

    private static readonly string[] BindRoots = ["/home/azureuser", "/mnt", "/tmp"];
    private static readonly string[] VolumeTypes = ["bind", "volume", "tmpfs"];
    private static readonly string[] Protocols = ["tcp", "udp", "http"];

    /// <summary>The services asked for; complete only when nothing was found.</summary>
    public static IReadOnlyList<CustomServiceModel> Validate(
        IReadOnlyList<CustomServiceSpec> services, bool isPrivate, List<Finding> findings, string listPath = Paths.CustomServices)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var ports = new HashSet<int>();
        var models = new List<CustomServiceModel>();
        for (var i = 0; i < services.Count; i++)
        {
            var service = services[i];
            var path = $"{listPath}[{i}]";
            void Bad(string member, string message) => findings.Add(new Finding(FindingCodes.InvalidCustomService, message, $"{path}.{member}"));

            if (service.Name is null || !Name().IsMatch(service.Name))
            {
                Bad("name", "A service needs a 'name' of 1 to 64 letters, digits, blanks, '_', '.' and '-'.");
            }
            else if (!names.Add(service.Name))
            {
                Bad("name", $"The service name '{service.Name}' is used twice.");
            }

            CheckImage(service, Bad);
            CheckVolumes(service, Bad);
            CheckEndpoints(service, isPrivate, ports, Bad);
            models.Add(Model(service));
        }

        return models;
    }

    private static void CheckImage(CustomServiceSpec service, Action<string, string> bad)
    {
        if (service.ImageType is { } type && !EnumWord.Same(type, "docker") && !EnumWord.Same(type, "azureml"))
        {
            bad("image.type", "'image.type' must be 'docker' or 'azureml'.");
        }

        if (string.IsNullOrWhiteSpace(service.ImageReference))
        {
            bad("image.reference", "A service needs an 'image.reference'.");
        }
    }

    private static void CheckVolumes(CustomServiceSpec service, Action<string, string> bad)
    {
        for (var v = 0; v < service.Volumes.Count; v++)
        {
            var volume = service.Volumes[v];
            var type = volume.Type ?? "bind";
            if (!VolumeTypes.Contains(type, StringComparer.OrdinalIgnoreCase))
            {
                bad($"volumes[{v}].type", "'type' of a volume must be 'bind', 'volume' or 'tmpfs'.");
            }

            if (volume.Target is not { } target || !target.StartsWith('/'))
            {
                bad($"volumes[{v}].target", "A volume needs an absolute 'target'.");
            }

            if (EnumWord.Same(type, "bind") && !IsBindSource(volume.Source))
            {
                bad($"volumes[{v}].source", "The 'source' of a bind must lie under /home/azureuser, /mnt or /tmp.");
            }
        }
    }

    private static bool IsBindSource(string? source) =>
        source is not null && !source.Split('/').Contains("..")
        && BindRoots.Any(root => source == root || source.StartsWith(root + "/", StringComparison.Ordinal));

    private static void CheckEndpoints(CustomServiceSpec service, bool isPrivate, HashSet<int> ports, Action<string, string> bad)
    {
        if (service.Endpoints.Count == 0)
        {
            bad("endpoints", "A service needs at least one endpoint.");
        }

        for (var e = 0; e < service.Endpoints.Count; e++)
        {
            var endpoint = service.Endpoints[e];
            if (endpoint.Protocol is { } protocol && !Protocols.Contains(protocol, StringComparer.OrdinalIgnoreCase))
            {
                bad($"endpoints[{e}].protocol", "'protocol' must be 'tcp', 'udp' or 'http'.");
            }

            if (endpoint.Target is not (>= MinimumPort and <= MaximumPort))
            {
                bad($"endpoints[{e}].target", $"'target' must be a port from {MinimumPort} to {MaximumPort}.");
            }

            if (PublishedProblem(endpoint.Published, isPrivate, ports) is { } problem)
            {
                bad($"endpoints[{e}].published", problem);
            }
        }
    }

    private static string? PublishedProblem(int? published, bool isPrivate, HashSet<int> ports)
    {
        if (published is not (>= MinimumPort and <= MaximumPort) || published is not { } port)
        {
            return $"'published' must be a port from {MinimumPort} to {MaximumPort}.";
        }

        if (isPrivate && port is < MinimumPrivatePort or > MaximumPrivatePort)
        {
            return $"Without public address 'published' must be a port from {MinimumPrivatePort} to {MaximumPrivatePort}.";
        }

        if (OwnPorts.Contains(port))
        {
            return $"The instance uses port {port} itself; choose another 'published'.";
        }

        return ports.Add(port) ? null : $"The port {port} is published twice.";
    }

    /// <summary>Fills the defaults of the wire; the Python reader needs <c>"type":"docker"</c> on every service (wire 3.2).</summary>
    private static CustomServiceModel Model(CustomServiceSpec service)
    {
        var document = (JsonObject)service.Document.DeepClone();
        document["type"] = "docker";
        (document["image"] as JsonObject)?.TryAdd("type", "docker");
        foreach (var endpoint in Objects(document["endpoints"]))
        {
            endpoint.TryAdd("protocol", "tcp");
        }

        foreach (var volume in Objects(document["volumes"]))
        {
            volume.TryAdd("type", "bind");
            volume.TryAdd("readOnly", false);
        }

        return new CustomServiceModel(
            service.Name ?? "",
            [.. service.Endpoints.Select(e => new ServiceEndpoint(e.Name, (e.Protocol ?? "tcp").ToLowerInvariant(), e.Target ?? 0, e.Published ?? 0))],
            document.ToJsonString());
    }

    private static IEnumerable<JsonObject> Objects(JsonNode? list) => list is JsonArray array ? array.OfType<JsonObject>() : [];

    [GeneratedRegex(@"\A[A-Za-z0-9_ .-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
