namespace Carrel.Engine.Commands;

/// <summary>What the directory knows of the one an instance is to be created for (contract 9.1).</summary>
/// <param name="Name">Sign-in name, or null for somebody it does not know: machines are prepared before people arrive.</param>
/// <param name="OtherKind">What it is when it is no person and so cannot be assigned an instance: <c>service principal</c>, <c>group</c>; otherwise null.</param>
public sealed record Assignee(string? Name, string? OtherKind = null);
