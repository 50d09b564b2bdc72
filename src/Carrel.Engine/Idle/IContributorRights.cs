namespace Carrel.Engine.Idle;

/// <summary>Asks the role assignments on behalf of the identity rule (contract 4.4). Implemented where roles are known.</summary>
public interface IContributorRights
{
    /// <summary>Whether a principal is Contributor or Owner at a scope or above.</summary>
    /// <param name="principalId">Object id of the identity's principal.</param>
    /// <param name="scope">Resource id of the workspace.</param>
    /// <param name="cancellation">Ends the wait.</param>
    ValueTask<bool> IsContributorAsync(Guid principalId, string scope, CancellationToken cancellation);
}
