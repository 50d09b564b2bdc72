using System.Diagnostics;
using Carrel.AgentProtocol;

namespace Carrel.Agent.Supervision;

/// <summary>The services below the service folder, switched with <c>sv</c> and read from their status files.</summary>
internal sealed class ServiceSupervisor(AgentOptions options, TimeProvider time)
{
    /// <summary>Every switchable service as it is now.</summary>
    public IReadOnlyList<ServiceHealth> Health() => [.. AgentContract.Services.Select(Health)];

    /// <summary>The service's process, or null when none runs.</summary>
    public int? ProcessOf(string service) => Read(service) is { ProcessId: > 0 } status ? status.ProcessId : null;

    /// <summary>True when the machine's image has the service.</summary>
    public bool Exists(string service) => Directory.Exists(FolderOf(service));

    /// <summary>Switches a service and waits a moment for it to follow.</summary>
    /// <returns>What went wrong, or null.</returns>
    public async Task<string?> SwitchAsync(string service, bool up, CancellationToken cancellation)
    {
        if (!Exists(service))
        {
            return up ? $"The machine's image has no service {service}." : null;
        }

        var wanted = up ? ServiceState.Up : ServiceState.Down;
        var started = time.GetTimestamp();

        // At boot every service's supervisor starts at the same moment as the agent: until it listens, sv fails and is tried again.
        while (!await CommandAsync(up ? "up" : "down", service, cancellation))
        {
            if (time.GetElapsedTime(started) >= options.SwitchTimeout)
            {
                return $"The supervisor of {service} does not answer.";
            }

            await Task.Delay(options.Pause, time, cancellation);
        }

        while (Health(service).State != wanted && time.GetElapsedTime(started) < options.SwitchTimeout)
        {
            await Task.Delay(options.Pause, time, cancellation);
        }

        return Health(service).State == wanted ? null : $"The service {service} is not {(up ? "up" : "down")} yet.";
    }

    /// <summary>Ends a service's process, so that its supervisor starts it anew with the present settings.</summary>
    public Task RestartAsync(string service, CancellationToken cancellation) => CommandAsync("term", service, cancellation);

    private async Task<bool> CommandAsync(string verb, string service, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(options.SupervisorCommand)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(verb);
        start.ArgumentList.Add(FolderOf(service));
        using var process = Process.Start(start) ?? throw new IOException($"{options.SupervisorCommand} does not start.");
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }

        return process.ExitCode == 0;
    }

    private ServiceHealth Health(string service) =>
        Read(service) is { } status
            ? new ServiceHealth(service, status.State, status.Since)
            : new ServiceHealth(service, ServiceState.Absent, null);

    private SuperviseStatus? Read(string service)
    {
        try
        {
            return SuperviseStatus.Parse(File.ReadAllBytes(Path.Combine(FolderOf(service), "supervise", "status")));
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private string FolderOf(string service) => Path.Combine(options.ServiceFolder, service);
}
