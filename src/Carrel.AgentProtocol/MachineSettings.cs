namespace Carrel.AgentProtocol;

/// <summary>Everything that makes a machine this instance. Sent after every start and after every change; sending it again is free.</summary>
/// <param name="InstanceName">The compute instance's name (contract 1.3).</param>
/// <param name="WorkspaceName">The workspace's name.</param>
/// <param name="ResourceGroup">The resource group's name.</param>
/// <param name="OwnerAlias">The owner's folder below <c>Users/</c> of the share (contract 12.1).</param>
/// <param name="RootAccess">False takes password-less sudo away (contract 14).</param>
/// <param name="Services">Which services are up, by name (<see cref="AgentContract.Services"/>); one that is not named is left alone.</param>
/// <param name="Version">The server's number of this set of settings; the agent repeats it in its health.</param>
public sealed record MachineSettings(
    string InstanceName,
    string WorkspaceName,
    string ResourceGroup,
    string OwnerAlias,
    bool RootAccess,
    IReadOnlyDictionary<string, bool> Services,
    long Version)
{
    /// <summary>With fewer free bytes a boot comes up in rescue mode (contract 1.4); 0 means never.</summary>
    public long RescueBelowBytes { get; init; }
}

/// <summary>Body of a switch of one service.</summary>
/// <param name="Up">True brings it up and keeps it up, false takes it down.</param>
public sealed record ServiceSwitch(bool Up);
