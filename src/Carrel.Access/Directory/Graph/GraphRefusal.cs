using Microsoft.AspNetCore.Http;

namespace Carrel.Access.Directory.Graph;

/// <summary>A refusal in the shape of Microsoft Graph: <c>{"error":{"code","message"}}</c>.</summary>
internal sealed class GraphRefusal(int status, string code, string message) : Exception(message)
{
    internal int Status => status;

    internal static GraphRefusal BadRequest(string message) => new(400, "Request_BadRequest", message);

    internal static GraphRefusal NotFound(string kind, string id) => new(
        404, "Request_ResourceNotFound", $"Resource '{(id.Length <= 100 ? id : id[..100])}' does not exist: there is no {kind} of this id.");

    internal static GraphRefusal Denied { get; } = new(
        403, "Authorization_RequestDenied",
        $"Insufficient privileges to complete the operation: it needs '{Administration.DirectoryRight.Action}' in the subscription, as the role Owner has it.");

    internal IResult ToResult() => Results.Json(new { error = new { code, message = Message } }, statusCode: status);
}
