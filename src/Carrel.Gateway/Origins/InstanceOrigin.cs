namespace Carrel.Gateway.Origins;

/// <summary>An origin of one instance, as its host name says it. Whether there is such an instance is another question.</summary>
/// <param name="Name">Instance name, in lower case.</param>
/// <param name="Location">Location, in lower case.</param>
/// <param name="Authority">Host and, unless it is 443, port: <c>ann.lab.instances.localhost:8443</c>.</param>
public sealed record InstanceOrigin(string Name, string Location, string Authority)
{
    /// <summary>Port that a custom service of the instance has published, of an origin <c>NAME-PORT</c>; null for the instance's own.</summary>
    public int? ApplicationPort { get; init; }

    /// <summary>As browsers write it in <c>Origin</c>.</summary>
    public string Text => "https://" + Authority;

    /// <summary>Where the authority sends people back to.</summary>
    public string CallbackUri => Text + WayIn.GatewayPaths.Callback;
}
