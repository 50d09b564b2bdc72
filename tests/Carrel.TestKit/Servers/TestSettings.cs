namespace Carrel.TestKit.Servers;

/// <summary>What <c>test.sh</c> has prepared for tests on real machines.</summary>
public static class TestSettings
{
    /// <summary><c>CARREL_TEST_IMAGE</c>: reference of the minimal workstation image.</summary>
    public static string Image => Required("CARREL_TEST_IMAGE");

    /// <summary><c>CARREL_TEST_AGENT</c>: folder that holds the published <c>carrel-agent</c> and <c>carrel</c>.</summary>
    public static string AgentFolder => Required("CARREL_TEST_AGENT") is var folder && File.Exists(Path.Combine(folder, "carrel"))
        ? folder
        : throw new InvalidOperationException("CARREL_TEST_AGENT lacks the command line: publish src/Carrel.Cli into that folder too, as ./test.sh does.");

    private static string Required(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
        ? value
        : throw new InvalidOperationException($"{name} is not set: run these tests by ./test.sh, or as it does.");
}
