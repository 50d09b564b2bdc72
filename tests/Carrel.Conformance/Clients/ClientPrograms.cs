namespace Carrel.Conformance.Clients;

/// <summary>The programs of all clients.</summary>
internal static class ClientPrograms
{
    /// <summary>azure-ai-ml.</summary>
    public static IReadOnlyList<ClientProgram> Python { get; } = [PythonProgram("instance_life"), PythonProgram("instance_properties")];

    /// <summary>@azure/arm-machinelearning and @azure/arm-resources.</summary>
    public static IReadOnlyList<ClientProgram> JavaScript { get; } = [JavaScriptProgram("instance-life"), JavaScriptProgram("resources")];

    /// <summary>Azure.ResourceManager.</summary>
    public static IReadOnlyList<ClientProgram> DotNet { get; } =
    [
        new("dotnet", "../Carrel.Conformance.DotNet/Program.cs", _ => ["dotnet", Path.Combine(AppContext.BaseDirectory, "Carrel.Conformance.DotNet.dll")]),
    ];

    /// <summary>Every program.</summary>
    public static IEnumerable<ClientProgram> All => Python.Concat(JavaScript).Concat(DotNet);

    /// <summary><c>CARREL_TEST_PYTHON</c>: the root file system that <c>python/root.sh</c> makes.</summary>
    private static string PythonRoot => Environment.GetEnvironmentVariable("CARREL_TEST_PYTHON") is { Length: > 0 } root
        ? root
        : throw new InvalidOperationException("CARREL_TEST_PYTHON is not set: run these tests by ./test.sh, or set it to what tests/Carrel.Conformance/python/root.sh prints.");

    private static ClientProgram PythonProgram(string name) => new(
        name, $"python/{name}.py", carrel => [Path.Combine(ClientProgram.Folder, "python", "run.sh"), PythonRoot, $"{name}.py", carrel.Client["CARREL_CA"]]);

    private static ClientProgram JavaScriptProgram(string name) => new(name, $"javascript/{name}.mjs", _ => ["node", $"{name}.mjs"]);
}
