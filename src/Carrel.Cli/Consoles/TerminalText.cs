using System.Globalization;
using System.Text;

namespace Carrel.Cli.Consoles;

/// <summary>Text of others on a terminal: it is shown, never obeyed. A control character could rewrite the screen, an invisible one make a name look like another.</summary>
internal static class TerminalText
{
    /// <summary>The text with a blank for each control character but the line break, and for each that writes nothing: zero-width characters, changes of direction.</summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var letter in text.EnumerateRunes())
            clean.Append((letter.Value == '\n' || IsShown(letter) ? letter : new Rune(' ')).ToString());
        return clean.ToString();
    }

    private static bool IsShown(Rune letter) => Rune.GetUnicodeCategory(letter)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
