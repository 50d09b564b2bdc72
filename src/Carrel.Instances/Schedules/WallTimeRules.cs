using NodaTime;
using NodaTime.TimeZones;

namespace Carrel.Instances.Schedules;

/// <summary>What happens to a wall time that does not exist because clocks are put forward over it (contract 3.3, decision D7).</summary>
public enum GapRule
{
    /// <summary>It moves forward by the length of the gap: 02:30 happens at 03:30 by the new clock. Two times that meet so fire once.</summary>
    ShiftForward,

    /// <summary>It does not happen that day: the trigger follows the running clock.</summary>
    LeaveOut,
}

/// <summary>What happens to a wall time that comes twice because clocks are put back over it (contract 3.3, decision D7).</summary>
public enum OverlapRule
{
    /// <summary>It happens once, at the earlier instant.</summary>
    FirstPass,

    /// <summary>It happens each time the clock shows it.</summary>
    BothPasses,
}

/// <summary>Start and end times follow the rules of fixed times.</summary>
internal static class WallTimeRules
{
    private static readonly ZoneLocalMappingResolver FixedTime =
        Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnForwardShifted);

    /// <summary>The instant of one wall time: <see cref="GapRule.ShiftForward"/> and <see cref="OverlapRule.FirstPass"/>.</summary>
    public static Instant Resolve(LocalDateTime wall, DateTimeZone zone) => zone.ResolveLocal(wall, FixedTime).ToInstant();
}
