using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Carrel.TestKit.Servers;

namespace Carrel.Conformance.Clients;

/// <summary>
/// A program written with an unmodified client. It consists of named cases, each of which prints one line: <c>ok NAME</c> or
/// <c>not ok NAME: why</c>.
/// </summary>
/// <param name="Name">What to call it, and the suffix of what it makes.</param>
/// <param name="Source">Its source file, from this project's folder.</param>
/// <param name="Start">The command that runs it, for a server and the variables it is given.</param>
internal sealed partial record ClientProgram(string Name, string Source, Func<RunningCarrel, IReadOnlyDictionary<string, string>, string[]> Start)
{
    /// <summary>Makes what the program stands on and gives further variables for it; null when it needs nothing.</summary>
    public Func<RunningCarrel, ArmClient, Task<IReadOnlyDictionary<string, string>>>? PrepareAsync { get; init; }

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    /// <summary>The folder of this project in the checkout.</summary>
    public static string Folder { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, ".."));

    /// <summary>The names of its cases, as its source says them: a case that never ran is missed.</summary>
    public IReadOnlyList<string> Cases => [.. CaseName().Matches(File.ReadAllText(Path.Combine(Folder, Source))).Select(match => match.Groups[1].Value)];

    /// <summary>Runs the program to its end.</summary>
    public async Task<ClientReport> RunAsync(RunningCarrel carrel, IReadOnlyDictionary<string, string> environment)
    {
        string[] command = Start(carrel, environment);
        var start = new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = Path.GetDirectoryName(Path.Combine(Folder, Source)), RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in carrel.Client.Concat(environment))
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
        }

        return new ClientReport(Name, await output, await errors);
    }

    [GeneratedRegex(@"^(?:@case|await test|await TestAsync)\(""([^""]+)""", RegexOptions.Multiline)]
    private static partial Regex CaseName();

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
