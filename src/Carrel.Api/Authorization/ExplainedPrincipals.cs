using Carrel.Access.Directory;
using Carrel.Arm.Errors;
using Carrel.Arm.Identity;

namespace Carrel.Api.Authorization;

/// <summary>Whose access is explained.</summary>
/// <param name="Id">Object id.</param>
/// <param name="Name">Sign-in name or display name; null for an id that nobody has.</param>
/// <param name="Type">What it is; null for an id that nobody has.</param>
public sealed record ExplainedPrincipal(Guid Id, string? Name, PrincipalType? Type);

/// <summary>Finds principals by whatever is at hand: sign-in name, name of a group or program, object id or application id.</summary>
public sealed class ExplainedPrincipals(IDirectoryStore directory, IPrincipalDirectory principals)
{
    private const int LongestShown = 100;

    /// <summary>The principal that is meant.</summary>
    /// <exception cref="ArmException">404 when nobody has the name, 400 when several have it.</exception>
    public async Task<ExplainedPrincipal> FindAsync(string asked, CancellationToken cancellation)
    {
        if (!Guid.TryParse(asked, out Guid id))
            return await NamedAsync(asked, cancellation);
        if (await directory.FindServicePrincipalAsync(id, cancellation) is { } program)
            return Of(program);
        string? name = (await directory.FindUserAsync(id, cancellation))?.UserName
            ?? (await directory.FindServicePrincipalByObjectIdAsync(id, cancellation))?.DisplayName
            ?? (await directory.FindGroupAsync(id, cancellation))?.DisplayName;
        return new ExplainedPrincipal(id, name, await principals.FindTypeAsync(id, cancellation));
    }

    /// <summary>Why a principal can do nothing at all, whatever its roles; null when it can act, and for groups and ids that nobody has.</summary>
    public async Task<string?> StandingAsync(ExplainedPrincipal principal, CancellationToken cancellation)
    {
        if (await directory.FindPrincipalAsync(principal.Id, cancellation) is not { Enabled: false })
            return null;
        return await directory.FindUserAsync(principal.Id, cancellation) is { Enabled: true, MustChangePassword: true }
            ? $"'{principal.Name}' has to choose a new password on the sign-in page first; until then nothing is signed in, whatever roles say."
            : $"'{principal.Name}' is disabled and can do nothing, whatever roles say: enable it with 'carrel {(principal.Type == PrincipalType.User ? "user" : "sp")} enable'.";
    }

    /// <summary>The name of a group, or null.</summary>
    public async Task<string?> GroupNameAsync(Guid group, CancellationToken cancellation) => (await directory.FindGroupAsync(group, cancellation))?.DisplayName;

    // People first, then groups, then programs: the order of 'carrel role assignment create --assignee'.
    private async Task<ExplainedPrincipal> NamedAsync(string name, CancellationToken cancellation)
    {
        if (await directory.FindUserByNameAsync(name, cancellation) is { } person)
            return new ExplainedPrincipal(person.ObjectId, person.UserName, PrincipalType.User);
        List<ExplainedPrincipal> found = [.. (await directory.ListGroupsAsync(cancellation))
            .Where(group => group.DisplayName.Equals(name, StringComparison.OrdinalIgnoreCase))
            .Select(group => new ExplainedPrincipal(group.ObjectId, group.DisplayName, PrincipalType.Group))];
        if (found.Count == 0)
            found = [.. (await directory.ListServicePrincipalsAsync(cancellation)).Where(program => program.DisplayName.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(Of)];
        string shown = name.Length > LongestShown ? name[..LongestShown] : name;
        return found switch
        {
            [var only] => only,
            [] => throw new ArmException(404, "PrincipalNotFound", $"Nobody is called '{shown}': give a sign-in name, the name of a group or program, an object id or an application id.", "principal"),
            _ => throw new ArmException(400, "AmbiguousPrincipal", $"More than one is called '{shown}': give an object id, one of {string.Join(", ", found.Take(10).Select(one => one.Id.ToString("D")))}.", "principal"),
        };
    }

    private static ExplainedPrincipal Of(ServicePrincipal program) => new(program.ObjectId, program.DisplayName, PrincipalType.ServicePrincipal);
}
