using System.Text.Json;
using Carrel.Agent.Access;
using Carrel.Agent.Commands;
using Carrel.Agent.Files;
using Carrel.Agent.Http;
using Carrel.Agent.Lines;
using Carrel.Agent.Rescue;
using Carrel.Agent.SecureShell;
using Carrel.Agent.Supervision;
using Carrel.AgentProtocol;

namespace Carrel.Agent.Settings;

/// <summary>The settings that hold, and the steps that make new ones hold. One application at a time; every step may be repeated.</summary>
internal sealed class AppliedSettings(AgentOptions options, ServiceSupervisor supervisor, BootMode boot, MachineAccess access, ServerAddress server) : IDisposable
{
    private const UnixFileMode RootOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    // It holds the secret of the endpoint for tokens: for the machine's user, and no other one.
    private const UnixFileMode OwnerAndGroup = RootOnly | UnixFileMode.GroupRead;

    private readonly SemaphoreSlim _turn = new(1);
    private volatile Outcome? _outcome;

    /// <summary>Version of the settings that hold, null without any.</summary>
    public long? Version => _outcome?.Version;

    /// <summary>What the last application could not do.</summary>
    public IReadOnlyList<string> Problems => _outcome?.Problems ?? [];

    /// <summary>Applies settings and keeps them for the next start.</summary>
    /// <exception cref="RefusedException">They cannot be applied.</exception>
    public async Task ApplyAsync(MachineSettings settings, CancellationToken cancellation)
    {
        if (SettingsCheck.Refusal(settings) is { } refusal)
        {
            throw new RefusedException(StatusCodes.Status400BadRequest, "InvalidSettings", refusal);
        }

        await _turn.WaitAsync(cancellation);
        try
        {
            await ApplyInTurnAsync(settings, cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Applies what was kept, so that services come up while the server is still connecting. Never fails: the server sends settings anyway.</summary>
    public async Task ResumeAsync(CancellationToken cancellation)
    {
        try
        {
            if (AtomicFile.ReadIfThere(options.SettingsFile) is { } text
                && JsonSerializer.Deserialize(text, AgentJson.Default.MachineSettings) is { } settings)
            {
                await ApplyAsync(settings, cancellation);
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            await options.Log.WriteLineAsync($"kept settings not applied: {failure.Message}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task ApplyInTurnAsync(MachineSettings settings, CancellationToken cancellation)
    {
        // 1. What Jupyter needs before it starts.
        if (UserFolders.EnsureOwnerFolder(options, settings) is { } unreachable)
        {
            throw new RefusedException(StatusCodes.Status409Conflict, "OwnerFolderUnreachable", unreachable);
        }

        var environment = SettingsEnvironment.Render(settings, UserFolders.OwnerFolder(options, settings), options.User, access.Variables(settings), boot.Settle(settings.RescueBelowBytes));
        var former = AtomicFile.ReadIfThere(options.EnvironmentFile);
        if (former != environment)
        {
            AtomicFile.Write(options.EnvironmentFile, environment, OwnerAndGroup, options.UserId);
        }

        // 2. Rights, before anybody can use them.
        SudoRights.Set(options, settings.RootAccess);

        // 3. The share's second name.
        var problems = new List<string>();
        Note(problems, UserFolders.EnsureSecondName(options, settings));

        // 4. The way to the server, and what is needed on it; and the way in by key.
        Note(problems, access.Write(settings));
        Note(problems, MachineCommands.Ensure(options));
        Note(problems, await server.ListenAsync(settings.Server is { } way ? new Uri(way.Url) : null));
        Note(problems, AuthorizedKeys.Set(options, settings.SecureShellKey));

        // 5. Services. Jupyter reads the environment file at its start only, so a running one is started anew when the file
        // has changed and nobody can be at work.
        var stale = !settings.KeepSessions && former is not null && former != environment && supervisor.ProcessOf(AgentContract.Jupyter) is not null;
        foreach (var (service, up) in settings.Services)
        {
            if (stale && up && service == AgentContract.Jupyter)
            {
                await supervisor.RestartAsync(service, cancellation);
            }

            Note(problems, await supervisor.SwitchAsync(service, up, cancellation));
        }

        // 6. Kept last: settings that could not be applied are not tried again at every start.
        Note(problems, Keep(settings));
        _outcome = new Outcome(settings.Version, problems);
    }

    // They hold all the same; after the next boot the server sends them again.
    private string? Keep(MachineSettings settings)
    {
        try
        {
            AtomicFile.Write(options.SettingsFile, JsonSerializer.Serialize(settings, AgentJson.Default.MachineSettings), RootOnly);
            return null;
        }
        catch (IOException failure)
        {
            return $"The settings could not be kept for the next start: {failure.Message}";
        }
    }

    private static void Note(List<string> problems, string? problem)
    {
        if (problem is not null)
        {
            problems.Add(problem);
        }
    }

    private sealed record Outcome(long Version, IReadOnlyList<string> Problems);
}
