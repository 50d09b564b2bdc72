namespace Carrel.Cli.Consoles;

/// <summary>Text of others on a terminal: it is shown, never obeyed. A control character could rewrite the screen.</summary>
internal static class TerminalText
{
    /// <summary>The text with a blank for each control character but the line break.</summary>
    public static string Clean(string text) => string.Concat(text.Select(letter => char.IsControl(letter) && letter != '\n' ? ' ' : letter));
}
