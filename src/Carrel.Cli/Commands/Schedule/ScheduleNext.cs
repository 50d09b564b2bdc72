using System.CommandLine;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;
using Carrel.Cli.Output;
using NodaTime;

namespace Carrel.Cli.Commands.Schedule;

/// <summary><c>carrel schedule next</c>: when a trigger fires, by the evaluator of the server and without one.</summary>
internal sealed class ScheduleNext(CliHost host) : IVerb
{
    private readonly Option<string?> _cron = new("--cron") { Description = "Cron expression of five fields.", HelpName = "expression" };
    private readonly Option<string?> _recurrence = new("--recurrence") { Description = "Recurrence as JSON, as in the API: frequency, interval, schedule.", HelpName = "json" };
    private readonly Option<string?> _file = new("--file", "-f") { Description = "JSON file with a list 'vectors' of triggers to try at once.", HelpName = "file" };
    private readonly Option<string?> _zone = new("--time-zone") { Description = "Windows or IANA id; UTC when absent.", HelpName = "id" };
    private readonly Option<string?> _start = new("--start-time") { Description = "Wall time of the first possible firing.", HelpName = "time" };
    private readonly Option<string?> _end = new("--end-time") { Description = "Wall time of the last possible firing.", HelpName = "time" };
    private readonly Option<string?> _after = new("--after") { Description = "UTC instant after which to look; now when absent. A trigger without start time counts from it.", HelpName = "instant" };
    private readonly Option<int> _count = new("--count") { Description = $"How many, 1 to {Trial.MaximumCount}.", HelpName = "number", DefaultValueFactory = _ => Trial.DefaultCount };
    private readonly OutputOption _output = new();

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("next", "Show when a schedule fires, before you save it. Needs no server.")
        {
            _cron, _recurrence, _file, _zone, _start, _end, _after, _count,
        };
        _output.AddTo(command);
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        var now = Instant.FromDateTimeOffset(host.Time.GetUtcNow());
        var (cron, recurrence, file) = (parsed.GetValue(_cron), parsed.GetValue(_recurrence), parsed.GetValue(_file));
        if (new[] { cron, recurrence, file }.Count(given => given is not null) != 1)
            throw CliException.Usage("Give exactly one of --cron, --recurrence and --file.");
        if (file is not null)
        {
            RefuseBeside(parsed, _zone, _start, _end, _after, _count);
            var results = TrialFile.Read(InputFile.Read(file), file, now);
            _output.Write(host, parsed, IsTable(parsed) ? results["results"]!.DeepClone() : results, TrialFile.Columns);
            return ExitCode.Ok;
        }
        var trial = new Trial(
            cron is not null ? TrialKind.Cron : TrialKind.Recurrence,
            TriggerJson.From(cron, recurrence, parsed.GetValue(_zone), parsed.GetValue(_start), parsed.GetValue(_end)),
            parsed.GetValue(_after) is { } after ? Trial.ReadInstant(after) ?? throw CliException.Usage(Trial.InstantProblem("--after")) : now,
            null,
            Trial.ReadCount(parsed.GetValue(_count)) ?? throw CliException.Usage(Trial.CountProblem("--count")));
        Write(parsed, trial.Run());
        return ExitCode.Ok;
    }

    private void Write(ParseResult parsed, TrialResult result)
    {
        if (result.Findings.Count > 0)
            throw CliException.Usage(string.Join('\n', result.Findings.Select(finding => $"({finding.Code}) {finding.Message}\n  target: {finding.Target}")));
        _output.Write(host, parsed, IsTable(parsed) ? result.Rows() : result.Body(), TrialResult.Columns);
    }

    private bool IsTable(ParseResult parsed) => _output.Format(parsed) is OutputFormat.Table or OutputFormat.Tsv;

    private static void RefuseBeside(ParseResult parsed, params Option[] options)
    {
        if (options.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } given)
            throw CliException.Usage($"{given.Name} does not go with --file: each trigger of the file says its own.");
    }
}
