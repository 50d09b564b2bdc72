namespace Carrel.Instances.Naming;

/// <summary>Answer to the question whether a compute can have a name (contract 1.3).</summary>
/// <param name="IsAvailable">True when it can.</param>
/// <param name="Reason"><c>Invalid</c>, <c>AlreadyExists</c>, or null.</param>
/// <param name="Message">A sentence for people, or null.</param>
public sealed record NameAvailability(bool IsAvailable, string? Reason, string? Message)
{
    /// <summary>Decides; pure.</summary>
    /// <param name="name">The name asked for.</param>
    /// <param name="location">Location of the workspace; names are unique in it.</param>
    /// <param name="isTaken">Whether a compute in that location has the name already.</param>
    public static NameAvailability Of(string name, string location, bool isTaken)
    {
        if (ComputeName.Check(name) is { IsValid: false } bad)
        {
            return new NameAvailability(false, "Invalid", bad.Reason);
        }

        return isTaken
            ? new NameAvailability(false, "AlreadyExists", $"The name '{name}' is already in use. Names of computes are unique in the region '{location}', over all workspaces.")
            : new NameAvailability(true, null, null);
    }
}
