using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Carrel.Cli.Commands.Account;
using Carrel.Cli.Commands.Compute;
using Carrel.Cli.Commands.Directory;
using Carrel.Cli.Commands.Group;
using Carrel.Cli.Commands.Idle;
using Carrel.Cli.Commands.Role;
using Carrel.Cli.Commands.Workspace;
using Carrel.Cli.Completion;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;
using Carrel.Cli.Http;

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

    /// <summary>A word @FILE is a value that some flags read for themselves, never a file of further words.</summary>
    public static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    private static readonly Option<bool> Verbose = new("--verbose") { Description = "Show each request on standard error.", Recursive = true };
    private static readonly Option<bool> Debug = new("--debug") { Description = "Show requests and answers on standard error, without secrets.", Recursive = true };

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
            if (args is [Suggestions.Word, .. var words])
            {
                foreach (var offer in Suggestions.For(Root(host), words))
                    await host.Out.WriteLineAsync(offer);
                return ExitCode.Ok;
            }
            var parsed = Root(host).Parse(args, Parsing);
            if (parsed.Errors.Count == 0)
                host.Trace.Level = parsed.GetValue(Debug) ? TraceLevel.Bodies : parsed.GetValue(Verbose) ? TraceLevel.Requests : TraceLevel.None;
            var code = await parsed.InvokeAsync(configuration, cancel);
            return parsed.Action is ParseErrorAction ? ExitCode.Usage : code;
        }
        catch (CliException problem)
        {
            await host.Error.WriteLineAsync(TerminalText.Clean($"Error: {problem.Message}"));
            return problem.ExitCode;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            await host.Error.WriteLineAsync("Interrupted.");
            return ExitCode.Interrupted;
        }
    }

    /// <summary>The command line with all its verbs.</summary>
    public static RootCommand Root(CliHost host)
    {
        var root = new RootCommand(Description.ReplaceLineEndings("\n"))
        {
            new LoginVerb(host).Build(),
            new LogoutVerb(host).Build(),
            VerbGroup.Of("account", "Who is signed in.", new AccountShow(host)),
            VerbGroup.Of("compute", "Compute instances.",
                new ComputeCreate(host), new ComputeList(host), new ComputeShow(host), new ComputeUpdate(host),
                new ComputeAction(host, "start", "Start a stopped instance."),
                new ComputeAction(host, "stop", "Stop an instance; its private disk is kept."),
                new ComputeAction(host, "restart", "Restart an instance."),
                new ComputeDelete(host), new ComputeListSizes(host), new ComputeListUsage(host),
                new ComputeListNodes(host), new ComputeEnableSso(host), new ComputeConnectSsh(host),
                new ComputeAction(host, "reimage", "Give an instance a fresh machine from the newest image. Its private disk is lost; settings and shared files stay.",
                    "Give {0} a fresh machine? Its private disk is lost"),
                new ComputeEvents(host), new ComputeWhy(host), new KeepAwake(host),
                new ComputePreview(host), new ComputeNotices(host),
                new ComputeNoticeAction(host, "dismiss", "Take an announced stop back: this one alone, the instance runs on."),
                new ComputeNoticeAction(host, "snooze", "Put an announced stop off, by four hours in all at most.")),
            VerbGroup.Of("workspace", "Workspaces.",
                new WorkspaceList(host), new WorkspaceShow(host), new WorkspaceCreate(host), new WorkspaceUpdate(host), new WorkspaceDelete(host)),
            VerbGroup.Of("group", "Resource groups.", new GroupList(host), new GroupCreate(host), new GroupDelete(host)),
            VerbGroup.Of("schedule", "Start and stop schedules, tried without a server.", new Schedule.ScheduleNext(host)),
            DirectoryCommands.Users(host),
            DirectoryCommands.Programs(host),
            DirectoryCommands.All(host),
            new KeepAwake(host).Build(),
            Roles(host),
            VerbGroup.Of("access", "What people may do, and why.", new Access.AccessExplain(host)),
            new CompletionVerb(host).Build(),
            new VersionVerb(host).Build(),
            Verbose,
            Debug,
        };
        if (root.Options.OfType<HelpOption>().Single().Action is HelpAction help)
            help.MaxWidth = 140;
        return root;
    }

    private static Command Roles(CliHost host)
    {
        var roles = VerbGroup.Of("role", "Roles, and who has them.",
            new RoleList(host), new RoleShow(host), new RoleWrite(host, isNew: true), new RoleWrite(host, isNew: false), new RoleDelete(host));
        roles.Add(VerbGroup.Of("assignment", "Who has which role where.", new AssignmentCreate(host), new AssignmentList(host), new AssignmentDelete(host)));
        return roles;
    }
}
