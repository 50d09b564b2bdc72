using Carrel.AgentProtocol;
using Carrel.Instances.Resources;

namespace Carrel.Engine.Machines;

/// <summary>Turns an instance into the settings its agent applies.</summary>
public static class MachineSettingsFactory
{
    /// <summary>The settings of an instance.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="options">The operator's settings.</param>
    public static MachineSettings For(ComputeInstance instance, EngineOptions options) => new(
        instance.Address.Name,
        instance.Address.Workspace,
        instance.Address.ResourceGroup,
        instance.OwnerAlias,
        instance.Model.EnableRootAccess,
        new Dictionary<string, bool> { [AgentContract.Jupyter] = true, [AgentContract.SecureShell] = instance.Model.SshEnabled },
        instance.Version)
    {
        RescueBelowBytes = options.RescueBelowBytes,
        SecureShellKey = instance.Model.SshEnabled ? instance.Model.AdminPublicKey : null,
    };
}
