namespace Carrel.AgentProtocol;

/// <summary>What server and agent agree on beside the messages: port, paths and limits.</summary>
public static class AgentContract
{
    /// <summary>
    /// TCP port on which an agent listens that knows no line for its requests (<see cref="Lines.LineContract.Requests"/>): HTTP/2, each request with the
    /// value for <see cref="MachineSecret.FormerAgentPurpose"/>. Such an agent lives until its machine is started again.
    /// </summary>
    public const int FormerPort = 8200;

    /// <summary>Port Jupyter listens on inside the machine.</summary>
    public const int JupyterPort = 8888;

    /// <summary>GET: <see cref="AgentHealth"/>.</summary>
    public const string HealthPath = "/health";

    /// <summary>PUT <see cref="MachineSettings"/>: <see cref="AgentHealth"/> after they hold.</summary>
    public const string SettingsPath = "/settings";

    /// <summary>PUT <see cref="ServiceSwitch"/> below this path: <see cref="AgentHealth"/> after the switch.</summary>
    public const string ServicesPath = "/services/";

    /// <summary>GET: <see cref="MachineActivity"/>.</summary>
    public const string ActivityPath = "/activity";

    /// <summary>DELETE of a connection of VS Code below this path, by its id: <see cref="AgentHealth"/> after it has ended.</summary>
    public const string EditorsPath = "/editors/";

    /// <summary>GET, with <c>?wait=SECONDS</c> up to <see cref="LongestReadyWaitSeconds"/>: <see cref="Readiness"/>.</summary>
    public const string ReadyPath = "/ready";

    /// <summary>POST <see cref="TerminalNotice"/>: <see cref="TerminalNoticeResult"/>.</summary>
    public const string NoticePath = "/notice";

    /// <summary>Longest text of a notice in characters; what is beyond is not shown.</summary>
    public const int LongestNotice = 2000;

    /// <summary>Longest request body in bytes; a longer one is answered 413.</summary>
    public const int LargestRequestBytes = 64 * 1024;

    /// <summary>Longest answer in bytes; the server drops a longer one.</summary>
    public const int LargestAnswerBytes = 1024 * 1024;

    /// <summary>Longest wait in seconds of one readiness request.</summary>
    public const int LongestReadyWaitSeconds = 30;

    /// <summary>Most entries of one list; what is beyond is left out and makes an activity sample incomplete.</summary>
    public const int MostEntries = 1000;

    /// <summary>Longest text of one field in characters.</summary>
    public const int LongestText = 256;

    /// <summary>Longest public key in characters.</summary>
    public const int LongestKey = 16 * 1024;

    /// <summary>Port the secure shell server listens on inside the machine.</summary>
    public const int SecureShellPort = 22;

    /// <summary>Jupyter, the service every machine has.</summary>
    public const string Jupyter = "jupyter";

    /// <summary>The secure shell server, down unless the instance asks for it.</summary>
    public const string SecureShell = "sshd";

    /// <summary>Every service that can be switched. The agent is not one of them.</summary>
    public static IReadOnlyList<string> Services { get; } = [Jupyter, SecureShell];
}
