using System.Diagnostics;

namespace Carrel.Hosts.Docker.Tests.Support;

/// <summary>Runs a program as an operator or an attacker would, beside the code under test.</summary>
internal static class Command
{
    public sealed record Result(int ExitCode, string Output, string Errors)
    {
        public string Text => ExitCode == 0
            ? Output.Trim()
            : throw new InvalidOperationException($"exit {ExitCode}: {Errors.Trim()}");
    }

    public static async Task<Result> RunAsync(string program, params string[] arguments) => await RunAsync(program, arguments, input: null);

    public static async Task<Result> RunAsync(string program, string[] arguments, Stream? input)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (input is not null)
            await input.CopyToAsync(process.StandardInput.BaseStream);
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(patience.Token);
        return new Result(process.ExitCode, await output, await errors);
    }
}
