using System.Globalization;
using System.Text;

namespace Carrel.Fuzz.Tests.Mutation;

/// <summary>Values that readers of JSON, paths and forms have stumbled over before.</summary>
internal static class OddValues
{
    private const int LongText = 70_000;

    private static readonly string[] Json =
    [
        "null", "true", "false", "0", "-0", "-1", "1", "65536", "2147483648", "9223372036854775808", "123456789012345678901234567890", "0.1", "1e5", "1E+400", "-1e-400", "1.0",
        "[]", "{}", "[null]", "[[]]", "[{}]", "[1,\"a\",null]", "{\"\":{}}", "{\"a\":1,\"a\":2}", "{\"a\":{\"b\":1,\"b\":{\"b\":1}}}", "{\"$ref\":\"#\"}", "{\"__proto__\":{}}", "{\"error\":{}}",
    ];

    private static readonly string[] Texts =
    [
        "", " ", "\\u0000", "a\\u0000b", "\\ud800", "\\udfff\\ud800", "\\ud83d\\ude00", "\\ufeff", "\\u202e", "\\u0130", "\\u00df", "\\r\\nX-Evil: 1", "\\u001b[2J", "../../etc", "..", ".", "/", "\\\\",
        "'; DROP TABLE instances; --", "%00", "%s%n", "<script>", "{{7*7}}", "$(id)", "null", "true", "0", "-1", "NaN",
        "PT0S", "PT14M", "-PT15M", "P3D", "P3DT1S", "PT999999999999999999999H", "P1Y2M", "PT1.5H", "pt30m", "PT30M ",
        "* * * * *", "60 * * * *", "*/0 * * * *", "0 0 31 2 *", "0-99999999 * * * *", "? ? ? ? ?", "0 0 * * 8", "1,2,3,4,5,6,7,8,9 * * * *",
        "0001-01-01T00:00:00", "9999-12-31T23:59:59.9999999Z", "2026-02-30T00:00:00", "10000-01-01T00:00:00Z", "2026-11-20T06:00:00+99:00", "UTC", "Mars/Phobos", "W. Europe Standard Time", "../UTC",
        "Enabled", "enabled", "Start", "STOP", "Cron", "ComputeInstance", "AmlCompute", "STANDARD_DS1_V2", "Standard_NC6", "local", "Local ", "inline", "workspaceStorage", "SystemAssigned", "UserAssigned,",
        "ssh-rsa AAAA", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA", "-----BEGIN OPENSSH PRIVATE KEY-----", "AAAA====", "//8=",
        "11111111-1111-1111-1111-111111111111", "00000000-0000-0000-0000-000000000000", "{11111111-1111-1111-1111-111111111111}", "/subscriptions/x", "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/../x",
        "http://localhost:1/", "https://user:pw@host/", "file:///etc/passwd", "admin@carrel.local",
    ];

    private static readonly string[] Segments =
    [
        "%00", "%2F", "%2f%2e%2e", "%0A", "%0d%0aX-Evil:%201", "%C3%A9", "%F0%9F%98%80", "%ED%A0%80", "%FF", "%", "%zz", "%25", "%5C", "..", ".", "%2e", "%2e%2e", "//", ";a=b", "~", "'", "*", "+", ",", "(", ")", "$", "@", ":", "!", "|", "\"", "<", "{x}", "[", "^", "`",
        "\u00e9", "\u00c3\u00a9", "\u0001", " ", "\t", "#", "%u0041", "con", "computes", "providers",
    ];

    /// <summary>A JSON value, as text; most of them no value of the right kind.</summary>
    internal static string JsonValue(Random random) => random.Next(10) switch
    {
        0 => Nested(random),
        1 => "\"" + new string((char)random.Next('a', 'z'), random.Next(10) == 0 ? LongText : random.Next(1, 300)) + "\"",
        2 or 3 or 4 => Json[random.Next(Json.Length)],
        _ => "\"" + Texts[random.Next(Texts.Length)] + "\"",
    };

    /// <summary>A text as it stands between quotes.</summary>
    internal static string Text(Random random) => Texts[random.Next(Texts.Length)];

    /// <summary>A piece of a path or of a form.</summary>
    internal static string Segment(Random random) => Segments[random.Next(Segments.Length)];

    /// <summary>Any bytes, a character each.</summary>
    internal static string Bytes(Random random, int most)
    {
        var text = new StringBuilder();
        for (int count = random.Next(1, most); count > 0; count--)
            text.Append((char)random.Next(256));
        return text.ToString();
    }

    private static string Nested(Random random)
    {
        int depth = random.Next(6) == 0 ? random.Next(100, 20_000) : random.Next(2, 70);
        return random.Next(2) == 0
            ? new string('[', depth) + new string(']', depth)
            : string.Concat(Enumerable.Repeat("{\"a\":", depth)) + depth.ToString(CultureInfo.InvariantCulture) + new string('}', depth);
    }
}
