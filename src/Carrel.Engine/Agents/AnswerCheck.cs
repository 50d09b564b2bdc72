using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Carrel.AgentProtocol;

namespace Carrel.Engine.Agents;

/// <summary>
/// Treats what an agent says as user input: sizes, counts, times and texts are bounded before anything else sees them. Texts are cut and
/// freed of control characters; what cannot be is refused.
/// </summary>
internal static class AnswerCheck
{
    /// <summary>Reads one answer.</summary>
    /// <exception cref="AgentProtocolException">It is a refusal or not the expected message.</exception>
    public static T Read<T>(HttpStatusCode status, byte[] body, JsonTypeInfo<T> type)
        where T : class
    {
        if (status == HttpStatusCode.Unauthorized)
        {
            throw new AgentProtocolException("Unauthorized", "The agent does not accept this machine's secret.");
        }

        if (status != HttpStatusCode.OK)
        {
            throw Refusal(status, body);
        }

        return Parse(body, type) ?? throw Invalid($"a {typeof(T).Name} that is not one");
    }

    /// <summary>A health within bounds.</summary>
    public static AgentHealth Health(AgentHealth health) => health with
    {
        Version = Clean(health.Version),
        BootId = Clean(health.BootId),
        UptimeSeconds = double.IsFinite(health.UptimeSeconds) && health.UptimeSeconds >= 0 ? health.UptimeSeconds : throw Invalid("a negative uptime"),
        Services = [.. Bounded(health.Services).Select(service => service with { Name = Clean(service.Name) })],
        Problems = [.. Bounded(health.Problems).Select(Clean)],
    };

    /// <summary>An activity sample within bounds.</summary>
    public static MachineActivity Activity(MachineActivity activity) => activity with
    {
        Reason = activity.Reason is { } reason ? Clean(reason) : null,
        Kernels = [.. Bounded(activity.Kernels).Select(kernel => kernel with
        {
            Id = Clean(kernel.Id),
            Name = Clean(kernel.Name),
            ExecutionState = Clean(kernel.ExecutionState),
            Connections = NotNegative(kernel.Connections),
        })],
        Terminals = [.. Bounded(activity.Terminals).Select(terminal => terminal with { Name = Clean(terminal.Name) })],
        SshSessions = NotNegative(activity.SshSessions),
        Jobs = [.. Bounded(activity.Jobs).Select(job => new JobActivity(Clean(job.Id), Clean(job.Status)))],
        Editors = [.. Bounded(activity.Editors).Select(editor => editor with { Id = Clean(editor.Id) })],
        Applications = [.. Bounded(activity.Applications).Select(application => application with { Name = Clean(application.Name) })],
        KeptProcesses = [.. Bounded(activity.KeptProcesses).Select(process => process with { Name = Clean(process.Name) })],
        ProcessorPercent = Percent(activity.ProcessorPercent),
        GpuPercent = Percent(activity.GpuPercent),
    };

    /// <summary>The result of a notice within bounds.</summary>
    public static TerminalNoticeResult Notice(TerminalNoticeResult result) => result with { Terminals = NotNegative(result.Terminals) };

    /// <summary>A readiness within bounds.</summary>
    public static Readiness Ready(Readiness readiness) => readiness with { Reason = readiness.Reason is { } reason ? Clean(reason) : null };

    private static AgentProtocolException Refusal(HttpStatusCode status, byte[] body)
    {
        try
        {
            if (Parse(body, AgentJson.Default.AgentError) is { } error)
            {
                return new AgentProtocolException(Clean(error.Code), $"The agent refused with {(int)status}: {Clean(error.Message)}");
            }
        }
        catch (AgentProtocolException)
        {
            // Not our agent's words; the status is all there is to tell.
        }

        return Invalid($"the status {(int)status} without a reason");
    }

    private static T? Parse<T>(byte[] body, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(body, type);
        }
        catch (JsonException invalid)
        {
            throw new AgentProtocolException("InvalidAnswer", $"The agent sent a {typeof(T).Name} that is not one.", invalid);
        }
    }

    private static IReadOnlyList<T> Bounded<T>(IReadOnlyList<T> entries) =>
        entries.Count > AgentContract.MostEntries ? throw Invalid($"a list of {entries.Count} entries")
        : entries.Any(static entry => entry is null) ? throw Invalid("a list with an empty entry")
        : entries;

    private static double? Percent(double? load) =>
        load is null || (double.IsFinite(load.Value) && load.Value is >= 0 and <= 100) ? load : throw Invalid("a load outside of 0 to 100 percent");

    private static int NotNegative(int count) => count >= 0 ? count : throw Invalid("a negative count");

    private static string Clean(string text)
    {
        var cut = text.Length <= AgentContract.LongestText ? text : text[..AgentContract.LongestText];
        return cut.Any(IsUnfit) ? string.Concat(cut.Where(static character => !IsUnfit(character))) : cut;
    }

    // Half a surrogate pair, which a cut can leave too, cannot be written as UTF-8; line and paragraph separators break a log like a newline.
    private static bool IsUnfit(char character) => char.IsControl(character) || char.IsSurrogate(character) || character is '\u2028' or '\u2029';

    private static AgentProtocolException Invalid(string what) => new("InvalidAnswer", $"The agent sent {what}.");
}
