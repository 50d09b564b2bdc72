using System.ComponentModel;
using System.Diagnostics;
using Carrel.Instances.Hosting;

namespace Carrel.Hosts.Docker.Firewall;

/// <summary>Runs <c>iptables</c> and <c>ip6tables</c>. Never through a shell; the lock that other programs hold is waited for.</summary>
internal static class PacketFilter
{
    private static readonly string[] SystemFolders = ["/usr/sbin", "/sbin"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>A table as <c>-S</c> prints it.</summary>
    public static async Task<IReadOnlyList<string>> ReadAsync(string table, bool version6, CancellationToken cancellation) =>
        (await RunAsync(version6 ? "ip6tables" : "iptables", ["-w", "10", "-t", table, "-S"], null, cancellation))
        .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Applies a script in one transaction, leaving everything it does not name alone.</summary>
    public static Task ApplyAsync(bool version6, string script, CancellationToken cancellation) =>
        RunAsync(version6 ? "ip6tables-restore" : "iptables-restore", ["-w", "10", "--noflush"], script, cancellation);

    private static async Task<string> RunAsync(string program, string[] arguments, string? input, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Patience);
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(Locate(program), arguments)
            {
                RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            },
        };
        try
        {
            process.Start();
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var errors = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.StandardInput.WriteAsync((input ?? "").AsMemory(), deadline.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(deadline.Token);
            return process.ExitCode == 0
                ? await output
                : throw new HostUnavailableException(
                    $"The host rules cannot be set: {program} says '{(await errors).Trim()}'. Carrel must run as root on the Docker host.");
        }
        catch (Exception exception) when (exception is Win32Exception or IOException)
        {
            throw new HostUnavailableException($"The host rules cannot be set: {program} does not run ({exception.Message}). Install iptables.", exception);
        }
        catch (OperationCanceledException exception)
        {
            if (!process.HasExited)
                process.Kill();
            cancellation.ThrowIfCancellationRequested();
            throw new HostUnavailableException($"The host rules cannot be set: {program} did not end in time.", exception);
        }
    }

    /// <summary>A service's search path often lacks the folders of system programs.</summary>
    private static string Locate(string program) =>
        SystemFolders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists) ?? program;
}
