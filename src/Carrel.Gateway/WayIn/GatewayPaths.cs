namespace Carrel.Gateway.WayIn;

/// <summary>The gateway's own paths at an instance's origin; never forwarded.</summary>
public static class GatewayPaths
{
    /// <summary>The authority sends people back here with a code.</summary>
    public const string Callback = "/.carrel/callback";

    /// <summary>GET shows a button, POST signs out of this instance's origin.</summary>
    public const string SignOut = "/.carrel/signout";

    /// <summary>First segment of all of them.</summary>
    internal const string Segment = ".carrel";
}
