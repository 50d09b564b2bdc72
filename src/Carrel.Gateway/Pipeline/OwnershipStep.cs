using Carrel.Gateway.Answers;
using Microsoft.AspNetCore.Http;

namespace Carrel.Gateway.Pipeline;

/// <summary>Step 4: the owner and nobody else. An instance that is not there answers like one that is somebody else's.</summary>
internal sealed class OwnershipStep : IInstanceStep
{
    /// <inheritdoc/>
    public ValueTask<IResult?> RunAsync(InstanceVisit visit) =>
        visit.Route is { } route && visit.Visitor is { } visitor && route.Owner == visitor.ObjectId ? default : new(GatewayAnswers.AccessDenied);
}
