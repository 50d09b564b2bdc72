using Carrel.TestKit.Hosting;

namespace Carrel.TestKit.Engines;

/// <summary>What stays while servers come and go: the data folder, the machines' engine and the agents in them.</summary>
public sealed class EngineHome : IDisposable
{
    /// <summary>The data folder.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("carrel-engine-").FullName;

    /// <summary>The database file.</summary>
    public string Database => Path.Combine(Folder, "carrel.db");

    /// <summary>Folder of the workspaces' shares.</summary>
    public string Shares => Path.Combine(Folder, "shares");

    /// <summary>Id of the installation.</summary>
    public Guid Installation { get; } = Guid.NewGuid();

    /// <summary>What keeps the machines.</summary>
    public InMemoryEngine Machines { get; } = new();

    /// <summary>The agents in the machines.</summary>
    public ScriptedAgents Agents { get; } = new();

    /// <summary>Which identities are Contributor of their workspace.</summary>
    public ScriptedContributors Contributors { get; } = new();

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
