using Carrel.Gateway.Answers;
using Carrel.Gateway.Origins;
using Microsoft.AspNetCore.Http;

namespace Carrel.Gateway.Pipeline;

/// <summary>
/// Step 6: sibling instances are the same site, so SameSite does not keep their pages from sending this instance's cookie. With a cookie,
/// upgrades and unsafe methods need an <c>Origin</c> that is exactly this one; absent and <c>null</c> are refused.
/// </summary>
internal sealed class OriginStep : IInstanceStep
{
    /// <inheritdoc/>
    public ValueTask<IResult?> RunAsync(InstanceVisit visit)
    {
        HttpRequest request = visit.Context.Request;
        bool needed = visit.Visitor!.IsAmbient && (Navigation.IsUpgrade(request) || !Navigation.IsSafe(request.Method));
        return !needed || IsOwn(request, visit.Origin) ? default : new(GatewayAnswers.ForeignOrigin);
    }

    internal static bool IsOwn(HttpRequest request, InstanceOrigin origin) =>
        request.Headers.Origin.Count == 1 && request.Headers.Origin[0] == origin.Text;
}
