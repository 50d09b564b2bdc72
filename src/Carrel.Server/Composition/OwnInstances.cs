using Carrel.Access.Directory.Administration;
using Carrel.Access.SignIn;
using Carrel.Engine.Storage;
using Carrel.Instances.Resources;
using Carrel.Server.Configuration;

namespace Carrel.Server.Composition;

/// <summary>The home page of a signed-in person: the instances that are theirs, each a link into its JupyterLab.</summary>
internal sealed class OwnInstances(IEngineStore store, ServerOptions options) : IHomePageContent
{
    public async Task<IReadOnlyList<HomeLink>> ListAsync(SignedIn person, CancellationToken cancellation)
    {
        IReadOnlyList<ComputeInstance> own = await store.ReadAsync(view => view.ListInstancesOfOwner(person.User.ObjectId), cancellation);
        return
        [
            .. own.Select(instance => new HomeLink(
                instance.Address.Name,
                options.InstanceUrl(instance.Address.Name, instance.Location) + "/lab",
                $"{instance.State.State}, {instance.Model.VmSize}, workspace {instance.Address.Workspace}")),
        ];
    }
}

/// <summary>How many instances belong to somebody, for who removes them from the directory.</summary>
internal sealed class InstancesOfOwner(IEngineStore store) : IOwnedInstances
{
    public async Task<int> CountAsync(Guid owner, CancellationToken cancellation) =>
        (await store.ReadAsync(view => view.ListInstancesOfOwner(owner), cancellation)).Count;
}
