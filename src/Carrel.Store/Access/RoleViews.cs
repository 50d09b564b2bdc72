using System.Collections.Concurrent;
using Carrel.Access.Roles;

namespace Carrel.Store.Access;

/// <summary>
/// What every request asks of roles, in memory. Dropped by every change, each part as a whole and replaced by a new object, so that a read which
/// began before a change cannot fill the new one.
/// </summary>
public sealed class RoleViews
{
    private volatile ConcurrentDictionary<Guid, IReadOnlyList<RoleAssignment>> _byPrincipal = new();
    private volatile DefinitionsHolder _definitions = new();

    internal ConcurrentDictionary<Guid, IReadOnlyList<RoleAssignment>> ByPrincipal => _byPrincipal;

    internal DefinitionsHolder Definitions => _definitions;

    internal void ForgetAssignments() => _byPrincipal = new();

    internal void ForgetDefinitions() => _definitions = new();

    /// <summary>The custom roles, once they were read.</summary>
    internal sealed class DefinitionsHolder
    {
        internal volatile IReadOnlyDictionary<Guid, RoleDefinition>? Known;
    }
}
