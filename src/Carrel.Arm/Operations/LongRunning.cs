using System.Globalization;
using System.Text.Json.Nodes;
using Carrel.Arm.Pipeline;

namespace Carrel.Arm.Operations;

/// <summary>The headers of a long-running operation; every client is happiest with all three (wire 4).</summary>
public static class LongRunning
{
    /// <summary>Adds <c>Azure-AsyncOperation</c>, <c>Location</c> and <c>Retry-After</c>.</summary>
    /// <param name="request">The request, for the api-version and the public address.</param>
    /// <param name="status">HTTP status: 200, 201 or 202.</param>
    /// <param name="body">The resource, or null.</param>
    /// <param name="statusPath">Path of the status answer.</param>
    /// <param name="resultPath">Path of the result answer.</param>
    public static ArmResult Accepted(ArmRequest request, int status, JsonNode? body, string statusPath, string resultPath) => new(
        status,
        body,
        [
            new("Azure-AsyncOperation", request.Url(statusPath)),
            new("Location", request.Url(resultPath)),
            RetryAfter(request),
        ]);

    /// <summary>The poll interval as a header.</summary>
    public static KeyValuePair<string, string> RetryAfter(ArmRequest request) =>
        new("Retry-After", request.Options.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture));
}
