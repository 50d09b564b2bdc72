using System.Net;
using Carrel.AgentProtocol;
using Carrel.AgentProtocol.Lines;

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

    /// <summary>Folder in which everybody may ask for the machine to stay up: one file for each process, named by its id.</summary>
    public string KeepAwakeFolder => Path.Combine(RunFolder, "keep-awake");

    /// <summary>The supervisor's command.</summary>
    public string SupervisorCommand { get; init; } = "/usr/bin/sv";

    /// <summary>The machine's user.</summary>
    public string User { get; init; } = "azureuser";

    /// <summary>User and group id of <see cref="User"/>.</summary>
    public uint UserId { get; init; } = 1000;

    /// <summary>Where the agent listens for lines of the server.</summary>
    public IPEndPoint LineListen { get; init; } = new(IPAddress.Any, LineContract.Port);

    /// <summary>Where programs of the machine ask for tokens (contract 9.3).</summary>
    public IPEndPoint IdentityListen { get; init; } = new(IPAddress.Loopback, 46808);

    /// <summary>Certificates that the machine's image trusts.</summary>
    public string SystemTrustFile { get; init; } = "/etc/ssl/certs/ca-certificates.crt";

    /// <summary>The machine's own table of names.</summary>
    public string HostsFile { get; init; } = "/etc/hosts";

    /// <summary>Where processes that get no environment look for the variables (contract 9.3).</summary>
    public string CronEnvironmentLink { get; init; } = "/etc/environment.sso";

    /// <summary>Where commands for the machine's people go.</summary>
    public string CommandFolder { get; init; } = "/usr/local/bin";

    /// <summary>Carrel's command line, brought by the host beside the agent.</summary>
    public string CommandLine { get; init; } = "/opt/carrel/agent/carrel";

    /// <summary>The agent's own program, as the machine sees it.</summary>
    public string Program { get; init; } = "/opt/carrel/agent/carrel-agent";

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

    /// <summary>The variables for processes that get no environment, behind <see cref="CronEnvironmentLink"/>.</summary>
    public string CronEnvironmentFile => Path.Combine(RunFolder, "environment.sso");

    /// <summary>Socket at which the machine's user gets the owner's token (contract 9.2).</summary>
    public string OwnerSocket => Path.Combine(RunFolder, OwnerSocketName);

    /// <summary>Name of that socket.</summary>
    public const string OwnerSocketName = "owner.sock";

    /// <summary>The server's certificates alone.</summary>
    public string CertificatesFile => Path.Combine(RunFolder, "carrel-ca.pem");

    /// <summary>The server's certificates with those of the system.</summary>
    public string TrustFile => Path.Combine(RunFolder, "ca-bundle.pem");

    /// <summary>The key that opens secure shell; root's, so that programs of the user cannot change it without sudo.</summary>
    public string AuthorizedKeysFile => Path.Combine(StateFolder, "ssh", "authorized_keys");

    /// <summary>The last settings, so that services come up before the server has connected.</summary>
    public string SettingsFile => Path.Combine(StateFolder, "settings.json");
}
