using Carrel.Arm.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Carrel.Arm.Pipeline;

/// <summary>
/// Refuses paths with dot segments. The framework resolves them before routing, percent-encoded ones too: a resource named <c>..</c>
/// would otherwise turn <c>DELETE .../workspaces/W/computes/..</c> into the deletion of the workspace.
/// </summary>
internal static class PlainPath
{
    /// <summary>Checks the request target as it was sent.</summary>
    /// <exception cref="ArmException">400 <c>InvalidRequestUri</c>.</exception>
    internal static void Require(HttpContext http)
    {
        string target = http.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        string path = target.IndexOf('?', StringComparison.Ordinal) is >= 0 and var cut ? target[..cut] : target;
        if (path.Split('/').Any(segment => Uri.UnescapeDataString(segment) is "." or ".."))
            throw new ArmException(400, "InvalidRequestUri", "The path has a segment '.' or '..', which names no resource: send the resource's own name.", path);
    }
}
