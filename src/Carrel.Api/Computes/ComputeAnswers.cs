using System.Text.Json.Nodes;
using Carrel.Engine.Machines;
using Carrel.Engine.Operations;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Resources;

namespace Carrel.Api.Computes;

/// <summary>Writes compute instances as the clients read them (contract 1.1, 1.2; wire 3.2).</summary>
public sealed class ComputeAnswers(ApiOptions options, HostFacts facts)
{
    /// <summary>The whole resource.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="links">Whether the caller is shown links to its applications (<see cref="ShownLinks"/>).</param>
    internal JsonObject Body(ComputeInstance instance, bool links) => ComputeInstanceBody.Write(instance, Context(instance, links));

    internal JsonObject Nodes(ComputeInstance instance) => NodeBody.Write(instance, Context(instance, links: false));

    /// <summary>The body of a PUT: a change that is complete still says Updating, and clients go on to poll the operation (contract 1.6).</summary>
    internal JsonObject Accepted(ComputeInstance instance, Operation operation, bool links) => operation.Kind == OperationKind.Update
        ? Body(instance with { State = instance.State with { Provisioning = ProvisioningState.Updating } }, links)
        : Body(instance, links);

    private BodyContext Context(ComputeInstance instance, bool links) => new(links ? Applications(instance) : [], facts.LatestImageVersion, facts.PublicAddress);

    private ApplicationLink[] Applications(ComputeInstance instance)
    {
        string origin = options.InstanceUrl(instance.Address.Name, instance.Location);
        return
        [
            new("Jupyter", origin + "/tree/"),
            new("Jupyter Lab", origin + "/lab"),
            .. instance.Model.CustomServices.SelectMany(service => service.Endpoints.Select(endpoint => new ApplicationLink(
                service.Name, options.InstanceUrl($"{instance.Address.Name}-{endpoint.Published}", instance.Location) + "/"))),
        ];
    }
}
