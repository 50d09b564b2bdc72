namespace Carrel.Engine.Commands;

/// <summary>What the directory knows of the one an instance is to be created for (contract 9.1).</summary>
/// <param name="Name">Sign-in name, or null for somebody it does not know: machines are prepared before people arrive.</param>
/// <param name="IsProgram">True for a service principal, which cannot be assigned an instance.</param>
public sealed record Assignee(string? Name, bool IsProgram = false);
