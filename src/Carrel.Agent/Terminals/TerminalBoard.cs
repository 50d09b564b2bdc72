using System.Globalization;
using System.Text;
using Carrel.Agent.Activity;
using Carrel.AgentProtocol;

namespace Carrel.Agent.Terminals;

/// <summary>
/// Writes a text to every terminal in which the machine's user works, those of JupyterLab, VS Code and secure shells alike. <c>wall</c> would reach none of the
/// first two: they are in no login record. Nothing waits for a terminal that takes no output.
/// </summary>
internal sealed class TerminalBoard(AgentOptions options)
{
    /// <summary>Writes a text.</summary>
    /// <returns>How many terminals took it.</returns>
    public int Write(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(Printable(text));
        return ProcessTable.Read(options.ProcessFolder).TerminalsOf(options.UserId)
            .Select(number => Path.Combine(options.TerminalFolder, number.ToString(CultureInfo.InvariantCulture)))
            .Count(path => TerminalFile.TryWrite(path, bytes));
    }

    /// <summary>
    /// The text as a terminal may be given it: a bell, lines of their own, and nothing by which a name in the text could move the cursor, colour the screen
    /// or answer the terminal's questions.
    /// </summary>
    internal static string Printable(string text)
    {
        var shown = new StringBuilder("\r\n\a");
        foreach (var character in text.Length <= AgentContract.LongestNotice ? text : text[..AgentContract.LongestNotice])
        {
            shown.Append(character == '\n' ? "\r\n" : IsPrintable(character) ? character.ToString() : "");
        }

        return shown.Append("\r\n").ToString();
    }

    // Format characters turn the direction of writing; half a surrogate pair is no text.
    private static bool IsPrintable(char character) =>
        !char.IsControl(character) && !char.IsSurrogate(character) && char.GetUnicodeCategory(character) != UnicodeCategory.Format;
}
