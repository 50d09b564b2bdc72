using Carrel.Conformance.Clients;
using Shouldly;
using Xunit;

namespace Carrel.Conformance;

/// <summary>Unmodified clients against a running server: every case of every program is a test.</summary>
public sealed class ClientTests(ConformanceRun run)
{
    public static TheoryData<string, string> PythonCases => Cases(ClientPrograms.Python);

    public static TheoryData<string, string> InsideCases => Cases(ClientPrograms.Inside);

    public static TheoryData<string, string> AzureCliCases => Cases(ClientPrograms.AzureCli);

    public static TheoryData<string, string> JavaScriptCases => Cases(ClientPrograms.JavaScript);

    public static TheoryData<string, string> DotNetCases => Cases(ClientPrograms.DotNet);

    [Theory]
    [MemberData(nameof(PythonCases))]
    public Task The_Python_client(string program, string name) => PassesAsync(program, name);

    [Theory]
    [MemberData(nameof(InsideCases))]
    public Task Clients_inside_an_instance(string program, string name) => PassesAsync(program, name);

    [Theory]
    [MemberData(nameof(AzureCliCases))]
    public Task The_Azure_command_line(string program, string name) => PassesAsync(program, name);

    [Theory]
    [MemberData(nameof(JavaScriptCases))]
    public Task The_JavaScript_clients(string program, string name) => PassesAsync(program, name);

    [Theory]
    [MemberData(nameof(DotNetCases))]
    public Task The_DotNet_client(string program, string name) => PassesAsync(program, name);

    private async Task PassesAsync(string program, string name)
    {
        string? fault = await run.FaultAsync(ClientPrograms.All.Single(candidate => candidate.Name == program), name);
        fault.ShouldBeNull();
    }

    private static TheoryData<string, string> Cases(IEnumerable<ClientProgram> programs)
    {
        var cases = new TheoryData<string, string>();
        foreach (ClientProgram program in programs)
        {
            foreach (string name in program.Cases)
                cases.Add(program.Name, name);
        }

        return cases;
    }
}
