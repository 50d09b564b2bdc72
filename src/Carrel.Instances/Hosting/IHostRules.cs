namespace Carrel.Instances.Hosting;

/// <summary>
/// A host whose isolation hangs on rules outside its engine (a packet filter), which a reload of the host's own firewall can sweep away.
/// The engine calls it every minute and after the host was lost and found again (design, between server and machine).
/// </summary>
public interface IHostRules
{
    /// <summary>Makes sure that the rules stand, first in their chains. Repeating it changes nothing.</summary>
    /// <exception cref="HostUnavailableException">The rules cannot be read or set; machines must not be started without them.</exception>
    Task EnsureHostRulesAsync(CancellationToken cancellation);
}
