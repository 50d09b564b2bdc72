using System.Text.Json.Serialization;
using NodaTime;

namespace Carrel.Instances.Idle;

/// <summary>A kind of activity; the names are the words of answers.</summary>
public enum ActivityKind
{
    /// <summary>A kernel of Jupyter (contract 4.2, 1).</summary>
    Kernel,

    /// <summary>A terminal of Jupyter (4.2, 2).</summary>
    Terminal,

    /// <summary>A job assigned to the instance (4.2, 3).</summary>
    Job,

    /// <summary>A connection of VS Code (4.2, 4).</summary>
    VisualStudioCode,

    /// <summary>A custom application (4.2, 5).</summary>
    CustomApplication,

    /// <summary>Somebody asked for the instance to stay up until an instant; always counts.</summary>
    KeepAwake,

    /// <summary>Somebody inside asked for it to stay up while a process lives; always counts.</summary>
    KeepAwakeProcess,

    /// <summary>Clients connected to kernels; counts when the workspace says so.</summary>
    OpenConnection,

    /// <summary>Secure shell connections; count when the workspace says so.</summary>
    SecureShell,

    /// <summary>Processor load; counts when the workspace says so.</summary>
    ProcessorLoad,

    /// <summary>GPU load; counts when the workspace says so.</summary>
    GpuLoad,
}

/// <summary>One signal, read.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Id">What tells it from others of its kind; empty when there is one only.</param>
/// <param name="Name">Its name for people, which only the instance's owner is shown; or null.</param>
/// <param name="Counts">Whether it keeps the instance from being idle.</param>
/// <param name="Active">Whether it is active, whether that counts or not.</param>
/// <param name="LastActivity">When it was last active; null when it never was or nobody knows.</param>
/// <param name="QuietSince">Of one that is not active: when that began, null when nobody knows. Later than <paramref name="LastActivity"/> by the grace some kinds have.</param>
/// <param name="Detail">A few words on how it stands, without names.</param>
public sealed record ActivitySignal(
    ActivityKind Kind, string Id, string? Name, bool Counts, bool Active, Instant? LastActivity, Instant? QuietSince, string Detail)
{
    /// <summary>True when it keeps the instance from being idle now.</summary>
    [JsonIgnore]
    public bool KeepsRunning => Counts && Active;

    /// <summary>What tells it from every other signal of the instance.</summary>
    [JsonIgnore]
    public string Key => $"{Kind}:{Id}";
}
