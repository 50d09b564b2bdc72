namespace Carrel.AgentProtocol;

/// <summary>A text for whoever works in the machine's terminals.</summary>
/// <param name="Text">Lines divided by line feeds; at most <see cref="AgentContract.LongestNotice"/> characters. Control characters are taken out.</param>
public sealed record TerminalNotice(string Text);

/// <summary>Who got it.</summary>
/// <param name="Terminals">Terminals it was written to.</param>
public sealed record TerminalNoticeResult(int Terminals);
