namespace Carrel.Conformance.Clients;

/// <summary>What a client program printed.</summary>
internal sealed class ClientReport(string program, string output, string errors)
{
    private const int MostErrorLines = 60;

    /// <summary>Null when the case passed; otherwise why it did not.</summary>
    public string? Fault(string name)
    {
        string[] lines = output.Split('\n');
        if (lines.Any(line => line == $"ok {name}" || line.StartsWith($"ok {name} (", StringComparison.Ordinal)))
            return null;
        string why = lines.FirstOrDefault(line => line.StartsWith($"not ok {name}: ", StringComparison.Ordinal)) ?? $"'{name}' did not run: {program} ended before it.";
        return $"{why}\n{string.Join('\n', errors.Split('\n').TakeLast(MostErrorLines))}";
    }
}
