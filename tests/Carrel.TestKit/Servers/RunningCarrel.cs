using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Carrel.TestKit.Servers;

/// <summary>
/// A Carrel of one's own: the real server program with its own data folder, ports, networks and labels, so that it runs beside any other.
/// Everything it made is removed at the end, also what a test run that was killed left behind.
/// </summary>
public sealed class RunningCarrel : IAsyncDisposable
{
    private const string FolderPrefix = "carrel-test-";
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);

    private readonly string _program;
    private readonly Dictionary<string, string> _environment;
    private Process? _process;
    private X509Certificate2? _authority;

    private RunningCarrel(string program, Dictionary<string, string> environment)
    {
        _program = program;
        _environment = environment;
    }

    /// <summary>The data folder.</summary>
    public string DataFolder => _environment["CARREL_DATA"];

    /// <summary>The public origin.</summary>
    public string Url => _environment["CARREL_URL"];

    /// <summary>What <c>client.env</c> sets.</summary>
    public IReadOnlyDictionary<string, string> Client { get; private set; } = new Dictionary<string, string>();

    /// <summary>Label value of this installation's Docker objects.</summary>
    public string Installation => File.ReadAllText(Path.Combine(DataFolder, "installation")).Trim();

    /// <summary>Path of the workspace the first start made.</summary>
    public string Workspace =>
        $"/subscriptions/{Client["CARREL_SUBSCRIPTION"]}/resourceGroups/{Client["CARREL_GROUP"]}/providers/Microsoft.MachineLearningServices/workspaces/{Client["CARREL_WORKSPACE"]}";

    /// <summary>True while the server's process lives.</summary>
    public bool IsAlive => _process is { HasExited: false };

    /// <summary>Starts a server.</summary>
    /// <param name="program">Path of the server's assembly; null for Carrel.Server beside the test.</param>
    /// <param name="settings">Further environment variables.</param>
    public static async Task<RunningCarrel> StartAsync(string? program = null, IReadOnlyDictionary<string, string>? settings = null)
    {
        program ??= Path.Combine(AppContext.BaseDirectory, "Carrel.Server.dll");
        await RemoveLeftoversAsync(program);
        string folder = Path.Combine(Path.GetTempPath(), $"{FolderPrefix}{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..8]}");
        var environment = new Dictionary<string, string>
        {
            ["CARREL_DATA"] = folder,
            ["CARREL_URL"] = $"https://localhost:{FreePort()}",
            ["CARREL_HTTP_PORT"] = "0",
            ["CARREL_IMAGE"] = TestSettings.Image,
            ["CARREL_AGENT_FOLDER"] = TestSettings.AgentFolder,
            ["CARREL_SSH_PORTS"] = FreePorts(),
        };
        foreach ((string name, string value) in settings ?? new Dictionary<string, string>())
            environment[name] = value;
        var carrel = new RunningCarrel(program, environment);
        try
        {
            await carrel.StartAgainAsync();
            return carrel;
        }
        catch
        {
            await carrel.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the server's process again on the same data, after <see cref="Kill"/> or <see cref="StopAsync"/>.</summary>
    /// <param name="without">Environment variables that this start does not get.</param>
    public async Task StartAgainAsync(params string[] without)
    {
        foreach (string name in without)
            _environment.Remove(name);
        _process = Run([]);
        await WaitUntilHealthyAsync();
        Client = ReadClientEnvironment();
    }

    /// <summary>Kills the server's process as a power failure would.</summary>
    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
    }

    /// <summary>Waits until the server's process has ended by itself.</summary>
    public Task WaitForExitAsync(TimeSpan limit) => _process!.WaitForExitAsync().WaitAsync(limit);

    /// <summary>Asks the server to stop and waits.</summary>
    public async Task StopAsync()
    {
        using (Process kill = Process.Start("kill", ["-TERM", _process!.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>A client that trusts this Carrel's authority and reaches every <c>*.localhost</c> name here.</summary>
    /// <param name="bearer">Token to send, or null.</param>
    public HttpClient CreateClient(string? bearer = null)
    {
        var client = new HttpClient(CreateHandler()) { BaseAddress = new Uri(Url), Timeout = TimeSpan.FromSeconds(100) };
        if (bearer is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        return client;
    }

    /// <summary>The handler behind <see cref="CreateClient"/>: no redirects, no cookies of its own.</summary>
    public SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = IsTrusted },
        ConnectCallback = async (context, cancellation) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, context.DnsEndPoint.Port), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };

    /// <summary>Whether a certificate chain leads to this Carrel's authority and fits the name asked for.</summary>
    public bool IsTrusted(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            return false;
        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        own.ChainPolicy.CustomTrustStore.Add(_authority ??= X509CertificateLoader.LoadCertificateFromFile(Path.Combine(DataFolder, "tls", "ca.crt")));
        return own.Build(new X509Certificate2(certificate));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (IsAlive)
            Kill();
        _process?.Dispose();
        _authority?.Dispose();
        await PurgeAsync(_program, DataFolder, _environment);
    }

    private static async Task RemoveLeftoversAsync(string program)
    {
        foreach (string folder in Directory.EnumerateDirectories(Path.GetTempPath(), FolderPrefix + "*"))
        {
            string[] parts = Path.GetFileName(folder)[FolderPrefix.Length..].Split('-');
            if (int.TryParse(parts[0], out int owner) && !Directory.Exists($"/proc/{owner}"))
                await PurgeAsync(program, folder, []);
        }
    }

    private static async Task PurgeAsync(string program, string folder, Dictionary<string, string> environment)
    {
        if (!Directory.Exists(folder))
            return;
        var purged = new RunningCarrel(program, new Dictionary<string, string>(environment) { ["CARREL_DATA"] = folder });
        using Process purge = purged.Run(["purge"]);
        await purge.WaitForExitAsync();
        if (purge.ExitCode != 0)
            return;
        Directory.Delete(folder, recursive: true);
        File.Delete(folder + ".log");
    }

    private Process Run(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [_program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("CARREL_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(name);
        foreach ((string name, string value) in _environment)
            start.Environment[name] = value;
        Process process = Process.Start(start)!;
        string log = DataFolder + ".log";
        process.OutputDataReceived += (_, line) => Append(log, line.Data);
        process.ErrorDataReceived += (_, line) => Append(log, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static void Append(string log, string? line)
    {
        if (line is null)
            return;
        lock (typeof(RunningCarrel))
            File.AppendAllText(log, line + "\n");
    }

    private async Task WaitUntilHealthyAsync()
    {
        long begun = Stopwatch.GetTimestamp();
        while (true)
        {
            if (_process!.HasExited || Stopwatch.GetElapsedTime(begun) > StartPatience)
                throw new InvalidOperationException($"The server did not become healthy:\n{(File.Exists(DataFolder + ".log") ? File.ReadAllText(DataFolder + ".log") : "")}");
            if (File.Exists(Path.Combine(DataFolder, "client.env")) && await IsHealthyAsync())
                return;
            await Task.Delay(50);
        }
    }

    private async Task<bool> IsHealthyAsync()
    {
        try
        {
            using HttpClient client = CreateClient();
            using HttpResponseMessage answer = await client.GetAsync("/healthz");
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private Dictionary<string, string> ReadClientEnvironment() => File.ReadLines(Path.Combine(DataFolder, "client.env"))
        .Where(line => line.StartsWith("export ", StringComparison.Ordinal))
        .Select(line => line["export ".Length..].Split('=', 2))
        .ToDictionary(pair => pair[0], pair => pair[1].Trim('\'').Replace("'\\''", "'", StringComparison.Ordinal));

    // Where no other server of a test run looks: they would exchange ports while the test reads them.
    private static string FreePorts()
    {
        int first = Random.Shared.Next(20_000, 32_000);
        return $"{first}-{first + 19}";
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
