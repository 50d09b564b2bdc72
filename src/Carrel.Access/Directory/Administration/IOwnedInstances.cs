namespace Carrel.Access.Directory.Administration;

/// <summary>Tells what stays behind when a principal is removed. Implemented by the server, which knows the instances.</summary>
public interface IOwnedInstances
{
    /// <summary>How many compute instances belong to a principal.</summary>
    Task<int> CountAsync(Guid owner, CancellationToken cancellation);
}

/// <summary>None, where there are no instances.</summary>
internal sealed class NoInstances : IOwnedInstances
{
    /// <inheritdoc/>
    public Task<int> CountAsync(Guid owner, CancellationToken cancellation) => Task.FromResult(0);
}
