namespace Carrel.Gateway.Origins;

/// <summary>The origin of one instance, as its host name says it. Whether there is such an instance is another question.</summary>
/// <param name="Name">Instance name, in lower case.</param>
/// <param name="Location">Location, in lower case.</param>
/// <param name="Authority">Host and, unless it is 443, port: <c>ann.lab.instances.localhost:8443</c>.</param>
public sealed record InstanceOrigin(string Name, string Location, string Authority)
{
    /// <summary>As browsers write it in <c>Origin</c>.</summary>
    public string Text => "https://" + Authority;

    /// <summary>Where the authority sends people back to.</summary>
    public string CallbackUri => Text + WayIn.GatewayPaths.Callback;
}
