using System.Buffers.Text;
using System.Text;
using Carrel.Cli.Commands;
using Carrel.Cli.Consoles;

namespace Carrel.Cli.Tests;

/// <summary>The program in-process: its own folder, environment, terminal, clock and server.</summary>
internal sealed class Cli : IDisposable
{
    public const string Workspace = "/subscriptions/sub1/resourceGroups/rg1/providers/Microsoft.MachineLearningServices/workspaces/ws1";
    public const string Locations = "/subscriptions/sub1/providers/Microsoft.MachineLearningServices/locations";
    public const string Token = "POST /ten1/oauth2/v2.0/token";

    private readonly StringWriter _out = new() { NewLine = "\n" };
    private readonly StringWriter _error = new() { NewLine = "\n" };

    public Cli(bool signedIn = true)
    {
        Folder = Directory.CreateTempSubdirectory("carrel-cli-").FullName;
        Environment["HOME"] = Folder;
        Environment["CARREL_URL"] = "https://carrel.test:8443";
        Environment["CARREL_TENANT"] = "ten1";
        Environment["CARREL_SUBSCRIPTION"] = "sub1";
        Environment["CARREL_GROUP"] = "rg1";
        Environment["CARREL_WORKSPACE"] = "ws1";
        if (!signedIn)
            return;
        Environment["CARREL_CLIENT_ID"] = "client1";
        Environment["CARREL_CLIENT_SECRET"] = "secret1";
        Server.On(Token, 200, TokenBody("app"));
        Server.On($"GET {Workspace}", 200, $$"""{"id":"{{Workspace}}","name":"ws1","location":"eastus","properties":{} }""");
    }

    public string Folder { get; }

    public Dictionary<string, string> Environment { get; } = [];

    public FakeServer Server { get; } = new();

    public FakeClock Clock { get; } = new();

    public string Out => _out.ToString();

    public string Error => _error.ToString();

    public string Input { get; set; } = "";

    public bool Terminal { get; set; }

    public Queue<string> Secrets { get; } = [];

    public Func<Uri, bool> Browser { get; set; } = _ => false;

    public Func<string, IReadOnlyList<string>, int?> Programs { get; set; } = (_, _) => null;

    public string? Agent { get; set; }

    public CancellationTokenSource Interrupt { get; } = new();

    /// <summary>Set to use the network instead of the fake server.</summary>
    public Func<string?, HttpMessageHandler>? Network { get; set; }

    public string ConfigPath => Path.Combine(Folder, ".config", "carrel", "config.json");

    public Task<int> RunAsync(params string[] args) => CliApplication.RunAsync(Host(), args, Interrupt.Token);

    public CliHost Host() => new()
    {
        Out = _out,
        Error = _error,
        In = new StringReader(Input),
        ErrorIsTerminal = Terminal,
        InputIsTerminal = Terminal,
        ReadSecret = _ => Secrets.Dequeue(),
        Environment = name => Environment.GetValueOrDefault(name),
        OpenBrowser = page => Browser(page),
        RunProgram = (program, arguments) => Programs(program, arguments),
        AgentProgram = Agent,
        CreateHandler = Network ?? (_ => Server),
        Time = Clock,
    };

    public string Write(string name, string content)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, content);
        return path;
    }

    public static string TokenBody(string kind, string? extra = null)
    {
        var claims = kind == "app" ? """{"tid":"ten1","oid":"object1","appid":"client1","idtyp":"app"}"""
            : """{"tid":"ten1","oid":"object2","preferred_username":"ada@example.org"}""";
        return $$"""{"token_type":"Bearer","expires_in":3599,"access_token":"{{Jwt(claims)}}"{{extra}} }""";
    }

    public static string Jwt(string claims) => $"e30.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}.c2ln";

    public static string Compute(string name, string state = "Running", string innerExtra = "", string outerExtra = "") => $$"""
        {"id":"{{Workspace}}/computes/{{name}}","name":"{{name}}","type":"Microsoft.MachineLearningServices/workspaces/computes","location":"eastus",
         "properties":{"computeType":"ComputeInstance","provisioningState":"Succeeded","createdOn":"2026-11-21T08:00:00.0000000+00:00"{{outerExtra}},
         "properties":{"vmSize":"STANDARD_DS3_V2","state":"{{state}}"{{innerExtra}} } } }
        """;

    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
        Interrupt.Dispose();
    }
}
