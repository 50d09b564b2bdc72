using System.Globalization;

namespace Carrel.Bench.Schedules;

/// <summary>Cron expressions of both dialects that mean the same: Quartz adds seconds, and writes <c>?</c> where one day field says nothing.</summary>
internal static class Expressions
{
    private static readonly string[] Zones =
    [
        "UTC", "Europe/Berlin", "America/Los_Angeles", "America/New_York", "Asia/Kolkata", "Asia/Tokyo", "Australia/Sydney", "America/Sao_Paulo",
        "Europe/London", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Santiago",
    ];

    /// <summary>The shapes people use to start and stop machines: daily, working days, some days of the week, days of the month, several times a day.</summary>
    internal static IEnumerable<(string Carrel, string Quartz, string Zone)> Make(int count)
    {
        var random = new Random(20_261_120);
        for (int i = 0; i < count; i++)
        {
            string time = string.Create(CultureInfo.InvariantCulture, $"{random.Next(60)} {random.Next(24)}");
            int day = random.Next(1, 29);
            (string carrel, string quartz) = (i % 5) switch
            {
                0 => ($"{time} * * *", $"0 {time} * * ?"),
                1 => ($"{time} * * MON-FRI", $"0 {time} ? * MON-FRI"),
                2 => ($"{time} * * MON,WED,SUN", $"0 {time} ? * MON,WED,SUN"),
                3 => ($"{time} {day} * *", $"0 {time} {day} * ?"),
                _ => ("0,30 8-18 * * *", "0 0,30 8-18 * * ?"),
            };
            yield return (carrel, quartz, Zones[random.Next(Zones.Length)]);
        }
    }
}
