using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Carrel.Cli.Commands.Account;
using Carrel.Cli.Commands.Compute;
using Carrel.Cli.Commands.User;
using Carrel.Cli.Commands.Workspace;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Commands;

/// <summary>All verbs, and the one place where an exception becomes a message and an exit code.</summary>
internal static class CliApplication
{
    private const string Description = """
        Carrel: compute instances on your team's own machines, with the verbs of 'az ml compute'.

        Settings come from flags, then the environment (CARREL_URL, CARREL_CA, CARREL_TENANT, CARREL_SUBSCRIPTION, CARREL_GROUP,
        CARREL_WORKSPACE, CARREL_LOCATION, CARREL_CLIENT_ID, CARREL_CLIENT_SECRET), then the file that 'carrel login' writes.

        Exit codes: 0 done; 1 refused by the server, or the operation failed; 2 wrong usage or a bad file; 3 not signed in;
        4 server unreachable or its certificate not trusted; 5 not found; 130 interrupted.
        """;

    /// <summary>Runs one command line.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(CliHost host, string[] args, CancellationToken cancel)
    {
        var configuration = new InvocationConfiguration
        {
            Output = host.Out,
            Error = host.Error,
            EnableDefaultExceptionHandler = false,
            // Program.cs handles the signals itself, so that a wait can say what goes on.
            ProcessTerminationTimeout = null,
        };
        try
        {
            var parsed = Root(host).Parse(args);
            var code = await parsed.InvokeAsync(configuration, cancel);
            return parsed.Action is ParseErrorAction ? ExitCode.Usage : code;
        }
        catch (CliException problem)
        {
            await host.Error.WriteLineAsync($"Error: {problem.Message}");
            return problem.ExitCode;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            await host.Error.WriteLineAsync("Interrupted.");
            return ExitCode.Interrupted;
        }
    }

    private static RootCommand Root(CliHost host)
    {
        var root = new RootCommand(Description.ReplaceLineEndings("\n"))
        {
            new LoginVerb(host).Build(),
            new LogoutVerb(host).Build(),
            Group("account", "Who is signed in.", new AccountShow(host)),
            Group("compute", "Compute instances.",
                new ComputeCreate(host), new ComputeList(host), new ComputeShow(host),
                new ComputeAction(host, "start", "Start a stopped instance."),
                new ComputeAction(host, "stop", "Stop an instance; its private disk is kept."),
                new ComputeAction(host, "restart", "Restart an instance."),
                new ComputeDelete(host), new ComputeListSizes(host), new ComputeListUsage(host)),
            Group("workspace", "Workspaces.",
                new WorkspaceList(host), new WorkspaceShow(host), new WorkspaceCreate(host), new WorkspaceDelete(host)),
            Group("schedule", "Start and stop schedules, tried without a server.", new Schedule.ScheduleNext(host)),
            Group("user", "The people who can sign in.", new UserCreate(host), new UserList(host)),
            new VersionVerb(host).Build(),
        };
        if (root.Options.OfType<HelpOption>().Single().Action is HelpAction help)
            help.MaxWidth = 140;
        return root;
    }

    private static Command Group(string name, string description, params IVerb[] verbs)
    {
        var group = new Command(name, description);
        foreach (var verb in verbs)
            group.Add(verb.Build());
        return group;
    }
}
