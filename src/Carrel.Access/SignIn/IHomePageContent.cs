namespace Carrel.Access.SignIn;

/// <summary>A line of the home page.</summary>
/// <param name="Text">What it is, such as an instance's name.</param>
/// <param name="Address">Where it leads: an https address, or a path of this origin. Null makes it plain text.</param>
/// <param name="Detail">A second line, such as the instance's state, or null.</param>
public sealed record HomeLink(string Text, string? Address, string? Detail = null);

/// <summary>Says what a signed-in person finds on the home page. Implemented by the server, which knows the person's instances.</summary>
public interface IHomePageContent
{
    /// <summary>The lines, in order.</summary>
    Task<IReadOnlyList<HomeLink>> ListAsync(SignedIn person, CancellationToken cancellation);
}

/// <summary>Nothing, until the server registers something better.</summary>
internal sealed class EmptyHomePage : IHomePageContent
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<HomeLink>> ListAsync(SignedIn person, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<HomeLink>>([]);
}
