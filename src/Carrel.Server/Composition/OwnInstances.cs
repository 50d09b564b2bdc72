using Carrel.Access.Directory;
using Carrel.Access.Directory.Administration;
using Carrel.Access.SignIn;
using Carrel.Arm.Identity;
using Carrel.Engine.Storage;
using Carrel.Instances.Resources;
using Carrel.Server.Configuration;

namespace Carrel.Server.Composition;

/// <summary>
/// The home page of a signed-in person: the instances that are theirs, each a link into its JupyterLab for whoever may see links (contract 7.5).
/// </summary>
internal sealed class OwnInstances(IEngineStore store, IArmAuthorizer authorizer, HomeTenant tenant, ServerOptions options) : IHomePageContent
{
    private const string ShowLinks = "Microsoft.MachineLearningServices/workspaces/computes/applicationaccessuilinks/action";

    public async Task<IReadOnlyList<HomeLink>> ListAsync(SignedIn person, CancellationToken cancellation)
    {
        IReadOnlyList<ComputeInstance> own = await store.ReadAsync(view => view.ListInstancesOfOwner(person.User.ObjectId), cancellation);
        var lines = new List<HomeLink>();
        foreach (ComputeInstance instance in own)
        {
            bool links = (await authorizer.AuthorizeAsync(tenant.CallerOf(person.User), ShowLinks, instance.Address.ResourceId, cancellation)).Allowed;
            lines.Add(new HomeLink(
                instance.Address.Name,
                links ? options.InstanceUrl(instance.Address.Name, instance.Location) + "/lab" : null,
                $"{instance.State.State}, {instance.Model.VmSize}, workspace {instance.Address.Workspace}"));
        }

        return lines;
    }
}

/// <summary>How many instances belong to somebody, for who removes them from the directory.</summary>
internal sealed class InstancesOfOwner(IEngineStore store) : IOwnedInstances
{
    public async Task<int> CountAsync(Guid owner, CancellationToken cancellation) =>
        (await store.ReadAsync(view => view.ListInstancesOfOwner(owner), cancellation)).Count;
}
