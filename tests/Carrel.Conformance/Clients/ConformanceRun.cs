using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Carrel.Conformance.Description;
using Carrel.TestKit.Servers;
using Xunit;

[assembly: AssemblyFixture(typeof(Carrel.Conformance.Clients.ConformanceRun))]

namespace Carrel.Conformance.Clients;

/// <summary>
/// One running Carrel, with pages of one row, that writes down what it answers, and all client programs against it, side by side as clients are. Each program
/// runs once, whichever of its cases is asked for first.
/// </summary>
public sealed class ConformanceRun : IAsyncLifetime
{
    private readonly Dictionary<string, Lazy<Task<ClientReport>>> _reports = [];
    private readonly string _record = Path.Combine(Path.GetTempPath(), $"carrel-record-{Guid.NewGuid():N}.jsonl");
    private RunningCarrel? _carrel;
    private ArmClient? _arm;

    /// <summary>The server.</summary>
    public RunningCarrel Carrel => _carrel!;

    /// <summary>Calls of the test's own.</summary>
    public ArmClient Arm => _arm!;

    /// <summary>Object id of a person of the directory.</summary>
    public string Person { get; private set; } = "";

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _carrel = await RunningCarrel.StartAsync(
            Path.Combine(AppContext.BaseDirectory, "Carrel.RecordingServer.dll"), new Dictionary<string, string> { ["CARREL_RECORD"] = _record, ["CARREL_PAGE_SIZE"] = "1" });
        _arm = await ArmClient.SignInAsync(_carrel);
        Person = await AddPersonAsync();
        var environment = new Dictionary<string, string> { ["CONFORMANCE_USER"] = Person, ["CONFORMANCE_SSH_KEY"] = SshKey.Create() };
        foreach (ClientProgram program in ClientPrograms.All)
            _reports.Add(program.Name, new Lazy<Task<ClientReport>>(() => PrepareAndRunAsync(program, environment)));
    }

    /// <summary>Why a case of a program did not pass; null when it did.</summary>
    internal async Task<string?> FaultAsync(ClientProgram program, string name) => (await _reports[program.Name].Value).Fault(name);

    /// <summary>Everything the server has answered once all programs have ended.</summary>
    internal async Task<IReadOnlyList<Exchange>> RecordAsync()
    {
        await Task.WhenAll(_reports.Values.Select(report => report.Value));
        return Exchange.ReadAll(_record);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _arm?.Dispose();
        if (_carrel is not null)
            await _carrel.DisposeAsync();
        File.Delete(_record);
    }

    private async Task<ClientReport> PrepareAndRunAsync(ClientProgram program, Dictionary<string, string> environment)
    {
        if (program.PrepareAsync is null)
            return await program.RunAsync(Carrel, environment);
        IReadOnlyDictionary<string, string> more = await program.PrepareAsync(Carrel, Arm);
        return await program.RunAsync(Carrel, environment.Concat(more).ToDictionary());
    }

    private async Task<string> AddPersonAsync()
    {
        const string Name = "ada";
        JsonNode users = JsonNode.Parse(await Arm.Http.GetStringAsync("/v1.0/users"))!;
        string domain = users["value"]![0]!["userPrincipalName"]!.GetValue<string>().Split('@')[1];
        using HttpResponseMessage answer = await Arm.Http.PostAsJsonAsync(
            "/v1.0/users", new { displayName = "Ada", userPrincipalName = $"{Name}@{domain}", passwordProfile = new { password = Guid.NewGuid().ToString() } });
        answer.EnsureSuccessStatusCode();
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["id"]!.GetValue<string>();
    }
}
