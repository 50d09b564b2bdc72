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

    /// <summary>The server as programs inside the machine reach it; null when they do not.</summary>
    public ServerAccess? Server { get; init; }

    /// <summary>Client id of the identity that is meant when none is named (contract 9.3); null for a machine without identities.</summary>
    public string? DefaultIdentityClientId { get; init; }

    /// <summary>The public key that opens secure shell, one OpenSSH line; null for none, and then nobody gets in unless a key was put there inside the machine (contract 13.1).</summary>
    public string? SecureShellKey { get; init; }

    /// <summary>
    /// True when people may be at work: nothing that runs is ended for new settings, and what reads its environment only at its start goes on with
    /// the old one.
    /// </summary>
    public bool KeepSessions { get; init; }
}

/// <summary>The server's public origin inside a machine: the same address, name and certificate as outside.</summary>
/// <param name="Url">The origin, such as <c>https://localhost:8443</c>, without a final slash.</param>
/// <param name="Certificates">PEM certificates that programs have to trust for it; empty when the image trusts it already.</param>
/// <param name="TenantId">The tenant.</param>
/// <param name="SubscriptionId">The instance's subscription.</param>
public sealed record ServerAccess(string Url, string Certificates, string TenantId, string SubscriptionId);

/// <summary>Body of a switch of one service.</summary>
/// <param name="Up">True brings it up and keeps it up, false takes it down.</param>
public sealed record ServiceSwitch(bool Up);
