using System.Net;

namespace Carrel.Gateway.Instances;

/// <summary>Where instances are and whose they are. Implemented by the server over the engine.</summary>
public interface IInstanceRoutes
{
    /// <summary>Finds an instance. Called on every request, so it has to answer from memory.</summary>
    /// <param name="location">Location, in lower case; compared ignoring case.</param>
    /// <param name="name">Instance name, in lower case; compared ignoring case.</param>
    /// <returns>The instance in whatever state it is, or null when there is none.</returns>
    ValueTask<InstanceRoute?> FindAsync(string location, string name);
}

/// <summary>One instance, as the way to it needs it.</summary>
/// <param name="Uid">Unique id; an instance deleted and made anew under the same name has another one.</param>
/// <param name="Name">Name as the user wrote it.</param>
/// <param name="Location">Location.</param>
/// <param name="Owner">Object id of the assigned user or service principal: the only one who gets in.</param>
/// <param name="State">Word of the wire for its state, such as <c>Stopped</c> (contract 1.4).</param>
/// <param name="IsOpen">Whether its applications can be used: Running, JobRunning or UserSetupFailed.</param>
/// <param name="Address">IPv4 address of the running machine; null when there is none.</param>
/// <param name="JupyterSecret">The secret derived for purpose <c>jupyter</c>, as hex; null when there is none yet.</param>
public sealed record InstanceRoute(
    string Uid, string Name, string Location, Guid Owner, string State, bool IsOpen, IPAddress? Address, string? JupyterSecret)
{
    /// <summary>Its resource id: the scope at which roles are asked.</summary>
    public required string ResourceId { get; init; }

    /// <summary>TCP port of the application: Jupyter's.</summary>
    public int Port { get; init; } = 8888;

    /// <summary>What the instance's custom services publish, one a published port (contract 13.3).</summary>
    public IReadOnlyList<ApplicationRoute> Applications { get; init; } = [];

    /// <summary>Leaves the secret out, so that a log line cannot carry it.</summary>
    public override string ToString() => $"{Name} in {Location} ({Uid}, {State})";
}

/// <summary>An endpoint of a custom service.</summary>
/// <param name="Name">Name of the service.</param>
/// <param name="Published">Port it has published; part of its host name.</param>
public sealed record ApplicationRoute(string Name, int Published);
