using System.Text.Json;
using Carrel.Access.Directory.Administration;
using Carrel.Arm.Identity;
using Microsoft.AspNetCore.Http;

namespace Carrel.Access.Directory.Graph;

/// <summary>
/// Applications, as az makes them before it makes their service principals. In Carrel both are one thing with one object id, seen twice: with one tenant an
/// application without its principal could do nothing, and one id cannot be taken for the other. So what is made, changed, or removed of one is of both.
/// </summary>
internal static class ApplicationsApi
{
    /// <summary>The one <c>signInAudience</c>.</summary>
    internal const string OwnTenant = "AzureADMyOrg";

    internal static IEnumerable<(string Method, string Pattern, Func<GraphCall, Task<IResult>> Handler)> Operations =>
    [
        ("POST", "/v1.0/applications", Application_Create),
        ("GET", "/v1.0/applications", Application_List),
        ("GET", "/v1.0/applications/{id}", Application_Get),
        ("PATCH", "/v1.0/applications/{id}", Application_Update),
        ("DELETE", "/v1.0/applications/{id}", ProgramsApi.Program_Delete),
        ("POST", "/v1.0/applications/{id}/addPassword", ProgramsApi.Program_AddPassword),
        ("POST", "/v1.0/applications/{id}/removePassword", ProgramsApi.Program_RemovePassword),
        ("GET", "/v1.0/applications/{id}/owners", ProgramsApi.Program_ListOwners),
    ];

    private static async Task<IResult> Application_Create(GraphCall call)
    {
        await call.RequireAdministratorAsync(DirectoryActions.WriteProgram);
        GraphBody body = await GraphBody.ReadAsync(call.Context);
        RequireKept(body);
        var program = new ServicePrincipal(Guid.NewGuid(), Guid.NewGuid(), body.DisplayName(required: true)!, CallerKind.Application, call.Services.Time.GetUtcNow());
        await ProgramsApi.AddAsync(call, program);
        return Results.Json(GraphView.ApplicationOf(program, []), statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> Application_List(GraphCall call)
    {
        await call.RequireAdministratorAsync(DirectoryActions.Read);
        IEnumerable<ServicePrincipal> all = await call.Directory.ListServicePrincipalsAsync(call.Cancellation);
        return GraphList.Answer(call, "applications", all.Where(program => program.Kind == CallerKind.Application).Select(program => GraphView.ApplicationOf(program)));
    }

    private static async Task<IResult> Application_Get(GraphCall call)
    {
        ServicePrincipal program = await ProgramsApi.RequireReadableAsync(call);
        return program.Kind == CallerKind.Application
            ? Results.Json(GraphView.ApplicationOf(program, await call.Directory.ListClientSecretsAsync(program.ClientId, call.Cancellation)))
            : throw GraphRefusal.NotFound("application", call.Route("id"));
    }

    private static async Task<IResult> Application_Update(GraphCall call)
    {
        await call.RequireAdministratorAsync(DirectoryActions.WriteProgram);
        ServicePrincipal program = await ProgramsApi.RequireApplicationAsync(call);
        GraphBody body = await GraphBody.ReadAsync(call.Context);
        RequireKept(body);
        return await ProgramsApi.ChangeAsync(call, program, body.DisplayName(required: false), enabled: null);
    }

    /// <summary>What could not be kept is refused, not forgotten: who sends a certificate or a redirect address would wait for it to work.</summary>
    private static void RequireKept(GraphBody body)
    {
        foreach (JsonProperty member in body.Members)
        {
            bool kept = member.Name switch
            {
                "displayName" => true,
                "signInAudience" => member.Value.ValueKind == JsonValueKind.Null || IsText(member.Value, OwnTenant),
                _ => member.Name.StartsWith('@') || IsEmpty(member.Value),
            };
            if (!kept)
                throw GraphRefusal.BadRequest(
                    $"An application has a displayName and secrets (addPassword); '{Shown(member.Name)}' cannot be kept: leave it out{(member.Name == "signInAudience" ? $", or say {OwnTenant}" : "")}.");
        }
    }

    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.String => IsText(value, ""),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => value.EnumerateObject().All(inner => IsEmpty(inner.Value)),
        _ => false,
    };

    // As it was sent: what only means the same after unescaping, or cannot be unescaped, is no reason for a fault.
    private static bool IsText(JsonElement value, string text) => value.GetRawText() == $"\"{text}\"";

    private static string Shown(string name) => name.Length <= 100 ? name : name[..100];
}
