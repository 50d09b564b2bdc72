using System.Text;
using Carrel.Api.Tests.Support;

namespace Carrel.Api.Tests.Pipeline;

/// <summary>Whatever is sent, the answer is never a fault of ours.</summary>
public sealed class FuzzTests
{
    private static readonly string[] Methods = ["GET", "PUT", "PATCH", "DELETE", "POST", "HEAD"];

    private static readonly string[] Paths =
    [
        "/subscriptions", ApiUnderTest.Subscription, ApiUnderTest.Subscription + "/resourceGroups/team", ApiUnderTest.Workspaces, ApiUnderTest.Lab,
        ApiUnderTest.Compute("desk"), ApiUnderTest.Compute("chair") + "/start", ApiUnderTest.Compute("desk") + "/stop", ApiUnderTest.Lab + "/computes",
        ApiUnderTest.Subscription + "/providers/Microsoft.MachineLearningServices/locations/local/usages",
    ];

    private static readonly string[] Bodies =
    [
        ApiUnderTest.InstanceBody(),
        ApiUnderTest.InstanceBody(inner: ",\"idleTimeBeforeShutdown\":\"PT30M\",\"sshSettings\":{\"sshPublicAccess\":\"Enabled\",\"adminPublicKey\":\"ssh-rsa AAAA\"}"),
        ApiUnderTest.InstanceBody(inner: ",\"schedules\":{\"computeStartStop\":[{\"status\":\"Enabled\",\"action\":\"start\",\"triggerType\":\"Cron\",\"cron\":{\"expression\":\"15 10 * * *\",\"timeZone\":\"UTC\",\"startTime\":\"2026-11-20T06:00:00\"}}]}"),
        ApiUnderTest.InstanceBody(inner: ",\"customServices\":[{\"name\":\"s\",\"image\":{\"reference\":\"r\"},\"endpoints\":[{\"protocol\":\"http\",\"target\":8787,\"published\":8787}]}]"),
        """{"location":"local","tags":{"a":"b"},"identity":{"type":"SystemAssigned"},"sku":{"name":"Basic"},"properties":{"friendlyName":"x","managedNetwork":{"isolationMode":"Disabled"}}}""",
        """{"tags":{"a":"b"},"properties":{"description":null}}""",
    ];

    private static readonly string[] Values =
        ["null", "0", "-1", "1e999", "true", "[]", "{}", "[null]", "\"\"", "\"\\u0000\"", "\"\\ud83d\\ude00\"", "\"\\ud800\"", "99999999999999999999", "\"../..\"", "[[[[]]]]", "{\"\":{}}"];

    private static readonly string[] Characters = ["%00", "%2F", "%0A", "%C3%A9", "%F0%9F%98%80", "..", "//", "%", "%ff", "~", "'", "\u00e9", "%5C", ";", "*"];

    [Fact]
    public async Task Five_hundred_mutated_requests_never_meet_a_5xx()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        var random = new Random(20261121);
        var seen = new Dictionary<int, int>();
        for (int number = 0; number < 500; number++)
        {
            string method = Methods[random.Next(Methods.Length)];
            string path = Paths[random.Next(Paths.Length)];
            if (random.Next(3) == 0)
                path = path.Insert(random.Next(1, path.Length + 1), Characters[random.Next(Characters.Length)]);
            string? body = method is "GET" or "HEAD" ? null : Mutate(Bodies[random.Next(Bodies.Length)], random);
            Answer answer = await api.SendAsync(method, path, body);
            answer.Status.ShouldBeLessThan(500, $"{number}: {method} {path} {body}: {answer.Text}");
            seen[answer.Status] = seen.GetValueOrDefault(answer.Status) + 1;
        }

        // Otherwise it would have tested one refusal five hundred times.
        seen.Keys.ShouldContain(200);
        seen.Keys.ShouldContain(400);
        seen.Keys.ShouldContain(404);
        foreach (string list in new[] { ApiUnderTest.Workspaces, ApiUnderTest.Lab + "/computes", ApiUnderTest.Subscription + "/resourceGroups" })
            (await api.GetAsync(list)).Status.ShouldBeOneOf(200, 404);
    }

    private static string Mutate(string body, Random random)
    {
        var text = new StringBuilder(body);
        for (int change = random.Next(3); change > 0; change--)
        {
            switch (random.Next(4))
            {
                case 0:
                    text.Remove(random.Next(text.Length), 1);
                    break;
                case 1:
                    text.Insert(random.Next(text.Length), "\"{}[],:\\u0"[random.Next(9)]);
                    break;
                default:
                    ReplaceValue(text, random);
                    break;
            }
        }

        return text.ToString();
    }

    // Another value behind one of the colons: the shape stays JSON, the types do not.
    private static void ReplaceValue(StringBuilder text, Random random)
    {
        string now = text.ToString();
        int[] colons = [.. Enumerable.Range(0, now.Length).Where(index => now[index] == ':' && now[index - 1] == '"')];
        if (colons.Length == 0)
            return;
        int start = colons[random.Next(colons.Length)] + 1;
        int depth = 0;
        int end = start;
        bool quoted = false;
        for (; end < now.Length; end++)
        {
            if (now[end] == '"')
                quoted = !quoted;
            if (quoted)
                continue;
            if (now[end] is '{' or '[')
                depth++;
            else if (now[end] is '}' or ']' && --depth < 0)
                break;
            else if (now[end] == ',' && depth == 0)
                break;
        }

        text.Remove(start, end - start).Insert(start, Values[random.Next(Values.Length)]);
    }
}
