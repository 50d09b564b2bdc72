using NodaTime;
using NodaTime.Text;

namespace Carrel.Instances.Idle;

/// <summary>The words of reasons.</summary>
public static class IdleText
{
    private static readonly InstantPattern Pattern = InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss'Z'");

    /// <summary>An instant to the second, UTC.</summary>
    public static string Time(Instant instant) => Pattern.Format(instant);

    /// <summary>Said of a stop that is skipped as long as no identity has the right (contract 4.4).</summary>
    public const string LacksContributor = "Until one of its managed identities is Contributor or Owner of the workspace, it stays up all the same.";

    /// <summary>What keeps it running, each kind once.</summary>
    public static string Kinds(IEnumerable<ActivitySignal> signals) =>
        string.Join(", ", signals.GroupBy(signal => signal.Kind).OrderBy(group => group.Key).Select(group => Kind(group.Key, group.Count(), group.First())));

    private static string Kind(ActivityKind kind, int count, ActivitySignal first) => kind switch
    {
        ActivityKind.Kernel => Some(count, "a busy kernel", "busy kernels"),
        ActivityKind.Terminal => Some(count, "a terminal at work", "terminals at work"),
        ActivityKind.Job => Some(count, "a job", "jobs"),
        ActivityKind.VisualStudioCode => "VS Code",
        ActivityKind.CustomApplication => Some(count, "a custom application", "custom applications"),
        ActivityKind.KeepAwake => first.Detail,
        ActivityKind.KeepAwakeProcess => Some(count, "a process that was to be waited for", "processes that were to be waited for"),
        ActivityKind.OpenConnection => $"open connections ({first.Detail})",
        ActivityKind.SecureShell => $"secure shell sessions ({first.Detail})",
        ActivityKind.ProcessorLoad => $"processor load ({first.Detail})",
        _ => $"GPU load ({first.Detail})",
    };

    private static string Some(int count, string one, string many) => count == 1 ? one : FormattableString.Invariant($"{count} {many}");
}
