using System.Globalization;
using Carrel.Instances.Notices;
using Carrel.Instances.Resources;
using NodaTime;
using NodaTime.Text;

namespace Carrel.Engine.Notices;

/// <summary>The sentences of a notice. Pure.</summary>
internal static class NoticeText
{
    private static readonly InstantPattern Time = InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss'Z'");

    /// <summary>An instant as ISO 8601 in UTC, to the second.</summary>
    internal static string At(Instant instant) => Time.Format(instant);

    /// <summary>The sentence of the event: reason, time, and the schedule's id.</summary>
    internal static string Detail(StopNotice notice)
    {
        string snoozed = notice.Snoozed > Duration.Zero ? $" It was put off by {Minutes(notice.Snoozed)} minutes." : "";
        string schedule = notice.ScheduleId is { } id ? $" Schedule {id:D}." : "";
        return $"It will be stopped at {At(notice.FireAt)}. {notice.Reason}{snoozed}{schedule} Notice {notice.Id:D}.";
    }

    /// <summary>What is written to the machine's terminals.</summary>
    internal static string Terminal(ComputeInstance instance, StopNotice notice, Instant now)
    {
        string name = instance.Address.Name;
        int minutes = (int)Math.Ceiling((notice.FireAt - now).TotalMinutes);
        string when = minutes <= 1 ? "in a minute" : $"in {minutes} minutes";
        return $"""
            Carrel: the compute instance {name} will be stopped {when}, at {At(notice.FireAt)}.
            {notice.Reason} Files on your private disk and in Users are kept; what runs is ended.
            To put it off:        carrel compute snooze {name} --minutes 30
            To keep it running:   carrel compute dismiss {name}
            """.ReplaceLineEndings("\n");
    }

    private static string Minutes(Duration duration) => duration.TotalMinutes.ToString("0", CultureInfo.InvariantCulture);
}
