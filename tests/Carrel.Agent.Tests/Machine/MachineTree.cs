using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Carrel.AgentProtocol;

namespace Carrel.Agent.Tests.Machine;

/// <summary>A machine's folders below a temporary one, with a supervisor command that only moves status files and notes its calls.</summary>
public sealed class MachineTree : IDisposable
{
    public static readonly DateTimeOffset Since = new(2026, 11, 21, 7, 0, 0, TimeSpan.Zero);
    public const int JupyterProcess = 100;

    public MachineTree()
    {
        Root = Directory.CreateTempSubdirectory("carrel-agent-").FullName;
        foreach (var folder in new[] { "run", "state", "share/Users", "clusters", "etc", "bin", "sudoers.d", "proc", "account", "dev", "sv/jupyter/supervise", "sv/sshd/supervise" })
        {
            Directory.CreateDirectory(In(folder));
        }

        File.WriteAllBytes(In("up.status"), Status(1, JupyterProcess));
        File.WriteAllBytes(In("down.status"), Status(0, 0));
        File.Copy(In("down.status"), In("sv/jupyter/supervise/status"));
        File.Copy(In("down.status"), In("sv/sshd/supervise/status"));
        File.WriteAllText(In("sudoers.d/carrel"), SudoRule);
        Supervisor("""
            echo "$1 ${2##*/}" >> ROOT/calls
            [ "$1" = term ] || { cp ROOT/$1.status $2/supervise/.new && mv $2/supervise/.new $2/supervise/status; }
            """);
    }

    private const int FirstPort = 10_000;
    private const int Ports = 20_000;
    private static int _ports = Random.Shared.Next(Ports);

    public const string SudoRule = "azureuser ALL=(ALL) NOPASSWD:ALL\n";

    public string Root { get; }

    public int IdentityPort { get; } = FreePort();

    public string[] Calls => File.Exists(In("calls")) ? File.ReadAllLines(In("calls")) : [];

    internal AgentOptions Options(Uri jupyter) => new()
    {
        ServiceFolder = In("sv"),
        RunFolder = In("run"),
        StateFolder = In("state"),
        ShareFolder = In("share"),
        ClustersFolder = In("clusters"),
        SudoersFolder = In("sudoers.d"),
        ProcessFolder = In("proc"),
        Disks = [Root],
        SupervisorCommand = In("fake-sv"),
        AccountFolder = In("account"),
        DeviceFolder = In("dev"),
        GpuCommand = In("nvidia-smi"),
        UserId = OwnUser,
        LineListen = new IPEndPoint(IPAddress.Loopback, 0),
        IdentityListen = new IPEndPoint(IPAddress.Loopback, IdentityPort),
        SystemTrustFile = In("etc/system.crt"),
        HostsFile = In("etc/hosts"),
        CommandFolder = In("bin"),
        CronEnvironmentLink = In("etc/environment.sso"),
        Jupyter = jupyter,
        JupyterTimeout = TimeSpan.FromSeconds(1),
        SwitchTimeout = TimeSpan.FromMilliseconds(500),
        Pause = TimeSpan.FromMilliseconds(5),
        Log = TextWriter.Null,
    };

    public static uint OwnUser { get; } = uint.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1], CultureInfo.InvariantCulture);

    public static MachineSettings Settings(string owner = "ann", bool rootAccess = true, bool jupyter = true, long version = 1) => new(
        "ci1", "ws", "rg", owner, rootAccess, new Dictionary<string, bool> { ["jupyter"] = jupyter, ["sshd"] = false }, version);

    public void Keep(MachineSettings settings) =>
        File.WriteAllText(In("state/settings.json"), JsonSerializer.Serialize(settings, AgentJson.Default.MachineSettings));

    public string In(string path) => Path.Combine(Root, path);

    public void Supervisor(string script)
    {
        var draft = In($"fake-sv-{Guid.NewGuid():n}");
        File.WriteAllText(draft, "#!/bin/sh\n" + script.Replace("ROOT", Root, StringComparison.Ordinal) + "\n");
        File.SetUnixFileMode(draft, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.Move(draft, In("fake-sv"), overwrite: true);
    }

    public void Process(int id, string name, char state, int parent, int session, int terminal, int started, uint user = 1000)
    {
        Directory.CreateDirectory(In($"proc/{id}"));
        File.WriteAllText(
            In($"proc/{id}/stat"), $"{id} ({name}) {state} {parent} {session} {session} {terminal} -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 {started} 1000 20 18446744073709551615\n");
        File.WriteAllText(In($"proc/{id}/status"), $"Name:\t{name}\nUid:\t{user}\t{user}\t{user}\t{user}\n");
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    // Below the ports that the kernel gives to whoever asks for any: nobody can be given it between here and the listener.
    public static int FreePort()
    {
        while (true)
        {
            int port = FirstPort + (Interlocked.Increment(ref _ports) % Ports);
            try
            {
                using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (System.Net.Sockets.SocketException)
            {
                // Somebody has it.
            }
        }
    }

    public static byte[] Status(byte state, int process)
    {
        var bytes = new byte[20];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, 4611686018427387914UL + (ulong)Since.ToUnixTimeSeconds());
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), process);
        bytes[19] = state;
        return bytes;
    }
}
