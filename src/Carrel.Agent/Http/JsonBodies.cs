using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Carrel.AgentProtocol;

namespace Carrel.Agent.Http;

/// <summary>Reads and writes bounded JSON bodies.</summary>
internal static class JsonBodies
{
    /// <summary>The request's body.</summary>
    /// <exception cref="RefusedException">Too long (413), or not what is expected (400).</exception>
    public static async Task<T> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(request.Body, type, cancellation)
                ?? throw new RefusedException(StatusCodes.Status400BadRequest, "InvalidJson", "The body must be an object, not null.");
        }
        catch (JsonException invalid)
        {
            var place = invalid.Path is { Length: > 0 and < AgentContract.LongestText } path ? $" at {path}" : "";
            throw new RefusedException(StatusCodes.Status400BadRequest, "InvalidJson", $"The body is not a valid {typeof(T).Name}{place}.");
        }
        catch (BadHttpRequestException refused) when (refused.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw new RefusedException(
                refused.StatusCode, "BodyTooLarge", $"The body must be at most {AgentContract.LargestRequestBytes} bytes long.");
        }
    }

    /// <summary>Answers with a message.</summary>
    public static async Task WriteAsync<T>(HttpResponse response, int status, T message, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(message, type);
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, cancellation);
    }
}
