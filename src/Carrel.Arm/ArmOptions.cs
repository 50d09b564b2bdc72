namespace Carrel.Arm;

/// <summary>Settings of the ARM surface.</summary>
/// <param name="PublicUrl">Origin under which clients reach the server, without a final slash. Absolute URLs are built from it, never from <c>Host</c>.</param>
/// <param name="RetryAfterSeconds">Poll interval given to clients, in whole seconds; without it the Python client waits 30.</param>
/// <param name="LargestBodyBytes">Longest request body in bytes.</param>
/// <param name="PageSize">Most rows on a page of a list.</param>
public sealed record ArmOptions(string PublicUrl, int RetryAfterSeconds = 1, int LargestBodyBytes = 4 * 1024 * 1024, int PageSize = ArmOptions.DefaultPageSize)
{
    /// <summary>Rows on a page: so many that clients rarely need a second one.</summary>
    public const int DefaultPageSize = 1000;
}
