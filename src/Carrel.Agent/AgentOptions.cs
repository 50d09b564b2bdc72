using System.Net;
using Carrel.AgentProtocol;

namespace Carrel.Agent;

/// <summary>Where things are in a machine. The defaults are the image's; tests point it at a temporary tree.</summary>
internal sealed record AgentOptions
{
    /// <summary>Folder of the supervised services.</summary>
    public string ServiceFolder { get; init; } = "/etc/carrel/sv";

    /// <summary>Folder emptied at every boot of the machine.</summary>
    public string RunFolder { get; init; } = "/run/carrel";

    /// <summary>Folder kept over stop and start.</summary>
    public string StateFolder { get; init; } = "/var/lib/carrel";

    /// <summary>The share inside the machine (contract 12.2).</summary>
    public string ShareFolder { get; init; } = "/home/azureuser/cloudfiles/code";

    /// <summary>Below it stands the share's second name (contract 12.2).</summary>
    public string ClustersFolder { get; init; } = "/mnt/batch/tasks/shared/LS_root/mounts/clusters";

    /// <summary>Folder of the sudo rules.</summary>
    public string SudoersFolder { get; init; } = "/etc/sudoers.d";

    /// <summary>The kernel's process table.</summary>
    public string ProcessFolder { get; init; } = "/proc";

    /// <summary>Folder of the terminals' devices.</summary>
    public string TerminalFolder { get; init; } = "/dev/pts";

    /// <summary>Folders on the disks whose free space decides on rescue mode: the user's home, and the machine's own disk.</summary>
    public IReadOnlyList<string> Disks { get; init; } = ["/home/azureuser", "/"];

    /// <summary>The kernel's accounts of what the machine uses.</summary>
    public string AccountFolder { get; init; } = "/sys/fs/cgroup";

    /// <summary>Where the host puts GPUs' devices.</summary>
    public string DeviceFolder { get; init; } = "/dev";

    /// <summary>The command that tells the load of GPUs; comes with their driver.</summary>
    public string GpuCommand { get; init; } = "/usr/bin/nvidia-smi";

    /// <summary>Name under which people in the machine find the agent's commands.</summary>
    public string CommandLink { get; init; } = "/usr/local/bin/carrel";

    /// <summary>Folder in which everybody may ask for the machine to stay up: one file for each process, named by its id.</summary>
    public string KeepAwakeFolder => Path.Combine(RunFolder, "keep-awake");

    /// <summary>The supervisor's command.</summary>
    public string SupervisorCommand { get; init; } = "/usr/bin/sv";

    /// <summary>The machine's user.</summary>
    public string User { get; init; } = "azureuser";

    /// <summary>User and group id of <see cref="User"/>.</summary>
    public uint UserId { get; init; } = 1000;

    /// <summary>Where the agent listens.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Any, AgentContract.Port);

    /// <summary>Where Jupyter listens.</summary>
    public Uri Jupyter { get; init; } = new($"http://127.0.0.1:{AgentContract.JupyterPort}/");

    /// <summary>Time limit of one call to Jupyter.</summary>
    public TimeSpan JupyterTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Time limit of one request, a readiness wait not counted.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a service has to follow a switch before the answer goes out without it.</summary>
    public TimeSpan SwitchTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Pause between two looks at something that is about to happen.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Where the agent writes what an operator may want to read.</summary>
    public TextWriter Log { get; init; } = Console.Error;

    /// <summary>The machine's secret, put there by the host.</summary>
    public string SecretFile => Path.Combine(StateFolder, "machine-secret");

    /// <summary>Jupyter's derived secret, read by its service as root.</summary>
    public string JupyterSecretFile => Path.Combine(RunFolder, "jupyter-secret");

    /// <summary>Settings for the services' run scripts.</summary>
    public string EnvironmentFile => Path.Combine(RunFolder, "settings.env");

    /// <summary>The last settings, so that services come up before the server has connected.</summary>
    public string SettingsFile => Path.Combine(StateFolder, "settings.json");
}
