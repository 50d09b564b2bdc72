using NodaTime;

namespace Carrel.Instances.Schedules;

/// <summary>How instants follow from a trigger, without its start and end.</summary>
internal interface IFiringPattern
{
    /// <summary>The first instant after <paramref name="after"/> and before <paramref name="until"/>, both excluded, or null.</summary>
    Instant? First(Instant after, Instant until);
}
