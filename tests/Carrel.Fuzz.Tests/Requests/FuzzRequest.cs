using System.Globalization;
using System.Text;

namespace Carrel.Fuzz.Tests.Requests;

/// <summary>Whose answer a request asks for; each has rules of its own.</summary>
internal enum Plane
{
    /// <summary>The resource operations.</summary>
    Arm,

    /// <summary>Authority, sign-in, directory, metadata.</summary>
    Access,

    /// <summary>The origin of an instance, or of nobody.</summary>
    Gateway,
}

/// <summary>
/// One request, as it goes over the wire: a byte a character. What differs from run to run (port, tokens, the length of the body) stands in
/// it as <c>{{name}}</c>, so that the same seed and number make the same request in every run.
/// </summary>
/// <param name="Number">Its number in the run.</param>
/// <param name="Operation">What it was made from.</param>
/// <param name="Plane">Whose answer it asks for.</param>
/// <param name="Head">Request line, headers and the empty line.</param>
/// <param name="Body">The body.</param>
/// <param name="IsHead">Whether its answer has no body.</param>
/// <param name="Broken">True when HTTP itself may be broken: the web server may then refuse it before any of our code sees it, or hang up.</param>
internal sealed record FuzzRequest(int Number, string Operation, Plane Plane, string Head, string Body, bool IsHead, bool Broken)
{
    private const int LongestShown = 6000;

    /// <summary>The bytes to send.</summary>
    internal byte[] Bytes(IReadOnlyDictionary<string, string> placeholders)
    {
        string body = Fill(Body, placeholders);
        string head = Fill(Head, placeholders).Replace("{{length}}", body.Length.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        return Encoding.Latin1.GetBytes(head + body);
    }

    /// <summary>For people; bytes that are no printable ASCII are escaped.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (char character in Head + Body)
        {
            if (text.Length > LongestShown)
                return text.Append(CultureInfo.InvariantCulture, $"... ({Head.Length + Body.Length} bytes)").ToString();
            _ = character is '\n' or (>= ' ' and <= '~')
                ? text.Append(character)
                : character == '\r' ? text : text.Append(CultureInfo.InvariantCulture, $"\\x{(int)character:x2}");
        }

        return text.ToString();
    }

    private static string Fill(string text, IReadOnlyDictionary<string, string> placeholders)
    {
        if (!text.Contains("{{", StringComparison.Ordinal))
            return text;
        foreach ((string name, string value) in placeholders)
            text = text.Replace("{{" + name + "}}", value, StringComparison.Ordinal);
        return text;
    }
}
