using Carrel.TestKit.Servers;

namespace Carrel.Conformance.Clients;

/// <summary>The programs of all clients.</summary>
internal static class ClientPrograms
{
    /// <summary>azure-ai-ml and azure-identity.</summary>
    public static IReadOnlyList<ClientProgram> Python { get; } = [PythonProgram("instance_life"), PythonProgram("instance_properties"), PythonProgram("device_code")];

    /// <summary>azure-identity, azure-ai-ml and az in the network of a machine, with the machine's own identities.</summary>
    public static IReadOnlyList<ClientProgram> Inside { get; } =
    [
        InsideProgram("inside_machine", "inside_machine", InsideMachine.OneReaderAsync),
        InsideProgram("azure_cli_user_assigned", "azure_cli_inside", InsideMachine.TwoReadersAsync, "CARREL_TEST_AZURE_CLI", "azure-cli"),
        InsideProgram("azure_cli_system_assigned", "azure_cli_inside", InsideMachine.OwnIdentityAsync, "CARREL_TEST_AZURE_CLI", "azure-cli"),
    ];

    /// <summary>az, driven from Python.</summary>
    public static IReadOnlyList<ClientProgram> AzureCli { get; } = [AzureCliProgram("azure_cli"), AzureCliProgram("azure_cli_access"), AzureCliProgram("azure_cli_directory")];

    /// <summary>@azure/arm-machinelearning, @azure/arm-resources and @azure/arm-authorization.</summary>
    public static IReadOnlyList<ClientProgram> JavaScript { get; } = [JavaScriptProgram("instance-life"), JavaScriptProgram("resources"), JavaScriptProgram("authorization")];

    /// <summary>Azure.ResourceManager.</summary>
    public static IReadOnlyList<ClientProgram> DotNet { get; } =
    [
        new("dotnet", "../Carrel.Conformance.DotNet/Program.cs", (_, _) => ["dotnet", Path.Combine(AppContext.BaseDirectory, "Carrel.Conformance.DotNet.dll")]),
    ];

    /// <summary>Every program.</summary>
    public static IEnumerable<ClientProgram> All => Python.Concat(Inside).Concat(AzureCli).Concat(JavaScript).Concat(DotNet);

    private static ClientProgram PythonProgram(string name, string variable = "CARREL_TEST_PYTHON", string folder = "python") => new(
        name, $"python/{name}.py", (carrel, _) => [Path.Combine(ClientProgram.Folder, "python", "run.sh"), Root(variable, folder), $"{name}.py", carrel.Client["CARREL_CA"]]);

    private static ClientProgram AzureCliProgram(string name) => PythonProgram(name, "CARREL_TEST_AZURE_CLI", "azure-cli");

    private static ClientProgram InsideProgram(
        string name, string source, Func<RunningCarrel, ArmClient, Task<IReadOnlyDictionary<string, string>>> prepare, string variable = "CARREL_TEST_PYTHON", string folder = "python") =>
        new(name, $"python/{source}.py", (carrel, variables) =>
            [Path.Combine(ClientProgram.Folder, "python", "inside.sh"), Root(variable, folder), $"{source}.py", carrel.Client["CARREL_CA"], variables[InsideMachine.Variable]])
        {
            PrepareAsync = prepare,
        };

    // The root file system that the folder's root.sh has made.
    private static string Root(string variable, string folder) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } root
        ? root
        : throw new InvalidOperationException($"{variable} is not set: run these tests by ./test.sh, or set it to what tests/Carrel.Conformance/{folder}/root.sh prints.");

    private static ClientProgram JavaScriptProgram(string name) => new(name, $"javascript/{name}.mjs", (_, _) => ["node", $"{name}.mjs"]);
}
