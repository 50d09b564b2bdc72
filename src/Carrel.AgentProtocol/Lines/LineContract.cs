namespace Carrel.AgentProtocol.Lines;

/// <summary>
/// Lines: plain TCP connections that the server opens to a machine; there are no others between the two. Each begins with <see cref="LineHandshake"/> and
/// then serves one purpose: the server's requests to the agent (HTTP/2 with prior knowledge, paths in <see cref="AgentContract"/>), the calls of the
/// machine, or the bytes of one tunnel to the server. The last two are not HTTP, so that a tunnel has TCP's own back-pressure and half-closing.
/// </summary>
public static class LineContract
{
    /// <summary>TCP port the agent listens on for lines.</summary>
    public const int Port = 8201;

    /// <summary>First word of a line; another one is another version.</summary>
    public const string Greeting = "carrel-line/1";

    /// <summary>Purpose of a line that carries requests to the agent.</summary>
    public const string Requests = "requests";

    /// <summary>Purpose of the line that carries calls.</summary>
    public const string Calls = "calls";

    /// <summary>Purpose of a line that carries a tunnel; a blank and the tunnel's id follow.</summary>
    public const string Tunnel = "tunnel";

    /// <summary>Longest message in bytes, without its end of line; a longer one ends the line.</summary>
    public const int LongestMessageBytes = 32 * 1024;

    /// <summary>Most calls of a machine that wait for their answer; further ones wait in the machine.</summary>
    public const int MostCalls = 16;

    /// <summary>Most tunnels of a machine at once; further connections wait in the machine.</summary>
    public const int MostTunnels = 64;

    /// <summary>Most connections to the agent that have not introduced themselves yet; further ones wait in the kernel.</summary>
    public const int MostStrangers = 32;

    /// <summary>Pause between two signs of life of the server.</summary>
    public static TimeSpan Beat { get; } = TimeSpan.FromSeconds(15);

    /// <summary>Either side ends a line of calls on which it heard nothing for so long.</summary>
    public static TimeSpan Silence { get; } = TimeSpan.FromSeconds(45);

    /// <summary>How long introducing oneself, and fetching a tunnel, may take.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(5);
}

/// <summary>Something a process of the machine asks the server; one message of one line each. What it says is a user's input.</summary>
/// <param name="Id">Number of the call, repeated in the answer.</param>
/// <param name="Kind">One of <see cref="MachineCallKinds"/>.</param>
public sealed record MachineCall(long Id, string Kind)
{
    /// <summary>Of a token: for whom it is to be.</summary>
    public string? Resource { get; init; }

    /// <summary>Of an identity's token: by what it is named (<see cref="Identity.IdentitySelector"/>).</summary>
    public string? Selector { get; init; }

    /// <summary>Of an identity's token: its name; null for the default identity.</summary>
    public string? Named { get; init; }

    /// <summary>Of a tunnel: under which id the server fetches it.</summary>
    public string? TunnelId { get; init; }
}

/// <summary>The words of <see cref="MachineCall.Kind"/>.</summary>
public static class MachineCallKinds
{
    /// <summary>A sign of life; it gets no answer.</summary>
    public const string Alive = "alive";

    /// <summary>A token of one of the instance's managed identities.</summary>
    public const string IdentityToken = "identityToken";

    /// <summary>A token of the instance's owner.</summary>
    public const string OwnerToken = "ownerToken";

    /// <summary>A connection to the server's public origin.</summary>
    public const string Tunnel = "tunnel";
}

/// <summary>The server's answer to a call.</summary>
/// <param name="Id">Number of the call; 0 for a sign of life.</param>
/// <param name="Status">HTTP status for whoever asked inside the machine.</param>
/// <param name="Body">JSON text for whoever asked.</param>
public sealed record MachineCallAnswer(long Id, int Status, string Body);
