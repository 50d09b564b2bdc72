using System.Diagnostics;
using System.Runtime.CompilerServices;
using Carrel.TestKit.Servers;
using Shouldly;
using Xunit;

namespace Carrel.Conformance;

/// <summary>The real <c>@azure/arm-machinelearning</c> with <c>@azure/identity</c>, unmodified, against a running server.</summary>
public sealed class JavaScriptClientTests
{
    [Fact]
    public async Task The_JavaScript_client_leads_an_instance_through_its_whole_life()
    {
        await using RunningCarrel carrel = await RunningCarrel.StartAsync();

        (int code, string output) = await RunNodeAsync("instance-life.mjs", carrel);

        code.ShouldBe(0, output);
        output.ShouldContain("workspace created and deleted");
    }

    private static async Task<(int Code, string Output)> RunNodeAsync(string script, RunningCarrel carrel)
    {
        string folder = Path.Combine(Path.GetDirectoryName(ThisFile())!, "javascript");
        var start = new ProcessStartInfo("node", [script]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in carrel.Client)
            start.Environment[name] = value;
        using Process node = Process.Start(start)!;
        Task<string> output = node.StandardOutput.ReadToEndAsync();
        Task<string> errors = node.StandardError.ReadToEndAsync();
        await node.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(5));
        return (node.ExitCode, await output + await errors);
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
