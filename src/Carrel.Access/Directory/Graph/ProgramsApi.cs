using System.Globalization;
using Carrel.Access.Directory.Administration;
using Carrel.Arm.Identity;
using Microsoft.AspNetCore.Http;

namespace Carrel.Access.Directory.Graph;

/// <summary>Programs and their secrets. Managed identities stand in the same list; they belong to their resources and are only read here.</summary>
internal static class ProgramsApi
{
    private const string Kind = "service principal or application";
    private const int MostSecrets = 20;
    private const int HintLength = 3;

    private static readonly TimeSpan UsualLife = TimeSpan.FromDays(365);
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(731);
    private static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(5);

    internal static IEnumerable<(string Method, string Pattern, Func<GraphCall, Task<IResult>> Handler)> Operations =>
    [
        ("POST", "/v1.0/servicePrincipals", Program_Create),
        ("GET", "/v1.0/servicePrincipals", Program_List),
        ("GET", "/v1.0/servicePrincipals/{id}", Program_Get),
        ("PATCH", "/v1.0/servicePrincipals/{id}", Program_Update),
        ("DELETE", "/v1.0/servicePrincipals/{id}", Program_Delete),
        ("POST", "/v1.0/servicePrincipals/{id}/addPassword", Program_AddPassword),
        ("POST", "/v1.0/servicePrincipals/{id}/removePassword", Program_RemovePassword),
        ("GET", "/v1.0/servicePrincipals/{id}/owners", Program_ListOwners),
        ("POST", "/v1.0/servicePrincipals/{id}/checkMemberGroups", Program_CheckMemberGroups),
        ("POST", "/v1.0/servicePrincipals/{id}/getMemberGroups", Program_GetMemberGroups),
        ("GET", "/v1.0/servicePrincipals/{id}/memberOf", call => Program_MemberOf(call, false)),
        ("GET", "/v1.0/servicePrincipals/{id}/transitiveMemberOf", call => Program_MemberOf(call, true)),
    ];

    private static async Task<IResult> Program_Create(GraphCall call)
    {
        await call.RequireAdministratorAsync(DirectoryActions.WriteProgram);
        GraphBody body = await GraphBody.ReadAsync(call.Context);
        if (body.DisplayName(required: false) is not { } name)
            return await OfApplicationAsync(call, body);
        var program = new ServicePrincipal(Guid.NewGuid(), body.Id("appId") ?? Guid.NewGuid(), name, CallerKind.Application, call.Services.Time.GetUtcNow())
        {
            Enabled = body.Flag("accountEnabled") ?? true,
        };
        await AddAsync(call, program);
        return Results.Json(GraphView.Of(program, []), statusCode: StatusCodes.Status201Created);
    }

    /// <summary>Adds a program that no other has the application id of.</summary>
    internal static async Task AddAsync(GraphCall call, ServicePrincipal program)
    {
        if (!await call.Directory.TryAddServicePrincipalAsync(program, [], call.Cancellation))
            throw GraphRefusal.BadRequest("Another object with the same value for property appId already exists.");
        await call.Services.Events.ChangedAsync(call.Asker, DirectoryActions.WriteProgram, program.ObjectId, $"The service principal {program.DisplayName} ({program.ClientId}) was made.");
    }

    // As az asks for the principal of an application that it has just made: here it came with the application.
    private static async Task<IResult> OfApplicationAsync(GraphCall call, GraphBody body)
    {
        Guid clientId = body.Id("appId") ?? throw GraphRefusal.BadRequest("The body needs 'displayName', to make a service principal, or 'appId', for that of an application.");
        ServicePrincipal program = await call.Directory.FindServicePrincipalAsync(clientId, call.Cancellation)
            ?? throw GraphRefusal.BadRequest($"The appId '{clientId}' of the service principal does not reference a valid application object: make the application first, or say a 'displayName' too.");
        RequireApplication(program);
        return Results.Json(
            GraphView.Of(program, await call.Directory.ListClientSecretsAsync(clientId, call.Cancellation)), statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> Program_List(GraphCall call)
    {
        await call.RequireAdministratorAsync(DirectoryActions.Read);
        return GraphList.Answer(call, "servicePrincipals", (await call.Directory.ListServicePrincipalsAsync(call.Cancellation)).Select(program => GraphView.Of(program)));
    }

    private static async Task<IResult> Program_Get(GraphCall call)
    {
        ServicePrincipal program = await RequireReadableAsync(call);
        return Results.Json(GraphView.Of(program, await call.Directory.ListClientSecretsAsync(program.ClientId, call.Cancellation)));
    }

    private static async Task<IResult> Program_Update(GraphCall call)
    {
        await call.RequireAdministratorAsync(DirectoryActions.WriteProgram);
        ServicePrincipal program = await RequireApplicationAsync(call);
        GraphBody body = await GraphBody.ReadAsync(call.Context);
        return await ChangeAsync(call, program, body.DisplayName(required: false), body.Flag("accountEnabled"));
    }

    internal static async Task<IResult> ChangeAsync(GraphCall call, ServicePrincipal program, string? display, bool? enabled)
    {
        var change = new PrincipalChange
        {
            DisplayName = display == program.DisplayName ? null : display,
            Enabled = enabled == program.Enabled ? null : enabled,
        };
        return GraphCall.Done(await call.Services.Administration.ChangeAsync(program.ObjectId, change, program.DisplayName, call.Asker, call.Cancellation), Kind, call.Route("id"));
    }

    internal static async Task<IResult> Program_Delete(GraphCall call)
    {
        await call.RequireAdministratorAsync(DirectoryActions.DeleteProgram);
        ServicePrincipal program = await RequireApplicationAsync(call);
        IResult done = GraphCall.Done(await call.Services.Administration.DeleteAsync(program.ObjectId, program.DisplayName, call.Asker, call.Cancellation), Kind, call.Route("id"));
        await UsersApi.WarnOfInstancesAsync(call, program.ObjectId);
        return done;
    }

    internal static async Task<IResult> Program_AddPassword(GraphCall call)
    {
        await call.RequireAdministratorAsync(DirectoryActions.WriteSecret);
        ServicePrincipal program = await RequireApplicationAsync(call);
        GraphBody? wanted = (await GraphBody.ReadAsync(call.Context)).Inner("passwordCredential");
        DateTimeOffset now = call.Services.Time.GetUtcNow();
        string name = wanted?.DisplayName(required: false) ?? "";
        RequireBegun(wanted?.Text("startDateTime"), now);
        DateTimeOffset ends = End(wanted?.Text("endDateTime"), now);
        if ((await call.Directory.ListClientSecretsAsync(program.ClientId, call.Cancellation)).Count >= MostSecrets)
            throw GraphRefusal.BadRequest($"A service principal has at most {MostSecrets} secrets: remove one that is not used any more.");
        string text = ClientSecrets.Create();
        var secret = new ClientSecret(Guid.NewGuid(), program.ClientId, ClientSecrets.Hash(text), ends) { Name = name, Hint = text[..HintLength], CreatedAt = now };
        await call.Directory.AddClientSecretAsync(secret, call.Cancellation);
        await call.Services.Events.ChangedAsync(
            call.Asker, DirectoryActions.WriteSecret, program.ObjectId, $"The secret {secret.Id} was added to {program.DisplayName}; it is good until {ends.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}.");
        return Results.Json(GraphView.Of(secret, text));
    }

    internal static async Task<IResult> Program_RemovePassword(GraphCall call)
    {
        await call.RequireAdministratorAsync(DirectoryActions.DeleteSecret);
        ServicePrincipal program = await RequireApplicationAsync(call);
        Guid id = (await GraphBody.ReadAsync(call.Context)).Id("keyId") ?? throw GraphRefusal.BadRequest("'keyId' is missing: name the secret to remove.");
        if (!await call.Directory.RemoveClientSecretAsync(program.ClientId, id, call.Cancellation))
            throw GraphRefusal.BadRequest($"No password credential found with keyId {id}.");
        await call.Services.Events.ChangedAsync(call.Asker, DirectoryActions.DeleteSecret, program.ObjectId, $"The secret {id} was removed from {program.DisplayName}.");
        return Results.NoContent();
    }

    private static async Task<IResult> Program_MemberOf(GraphCall call, bool transitive)
    {
        return await GroupsApi.ListOfAsync(call, (await RequireReadableAsync(call)).ObjectId, transitive);
    }

    private static async Task<IResult> Program_CheckMemberGroups(GraphCall call) =>
        await DirectoryObjectsApi.CheckMemberGroupsAsync(call, (await RequireReadableAsync(call)).ObjectId);

    private static async Task<IResult> Program_GetMemberGroups(GraphCall call) =>
        await DirectoryObjectsApi.MemberGroupsAsync(call, (await RequireReadableAsync(call)).ObjectId);

    /// <summary>Nothing in the directory has an owner: who administers it may change all of it.</summary>
    internal static async Task<IResult> Program_ListOwners(GraphCall call)
    {
        await RequireReadableAsync(call);
        return GraphList.Answer(call, "directoryObjects", []);
    }

    // A secret is good from its first moment: who wants it later makes it later.
    private static void RequireBegun(string? text, DateTimeOffset now)
    {
        if (text is not null && Instant("startDateTime", text) > now + ClockDifference)
            throw GraphRefusal.BadRequest("startDateTime cannot lie in the future: a secret is good as soon as it is made. Leave it out.");
    }

    private static DateTimeOffset End(string? text, DateTimeOffset now)
    {
        if (text is null)
            return now + UsualLife;
        DateTimeOffset end = Instant("endDateTime", text);
        return end > now && end <= now + LongestLife ? end : throw GraphRefusal.BadRequest("endDateTime has to lie in the future, at most two years from now.");
    }

    private static DateTimeOffset Instant(string name, string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset instant)
            ? instant
            : throw GraphRefusal.BadRequest($"{name} has to be an instant such as 2027-01-31T00:00:00Z.");

    internal static async Task<ServicePrincipal> RequireApplicationAsync(GraphCall call) => RequireApplication(await RequireAsync(call));

    /// <summary>The program of the path, for itself and for administrators. Who may not read others does not learn either which are there.</summary>
    internal static async Task<ServicePrincipal> RequireReadableAsync(GraphCall call)
    {
        ServicePrincipal? program = await FindAsync(call);
        await call.RequireReaderOfAsync(program?.ObjectId ?? Guid.Empty);
        return program ?? throw GraphRefusal.NotFound(Kind, call.Route("id"));
    }

    private static ServicePrincipal RequireApplication(ServicePrincipal program) => program.Kind == CallerKind.Application
        ? program
        : throw GraphRefusal.BadRequest("This is a managed identity: it belongs to its resource, has no secrets, and is changed and removed there.");

    private static async Task<ServicePrincipal> RequireAsync(GraphCall call) => await FindAsync(call) ?? throw GraphRefusal.NotFound(Kind, call.Route("id"));

    // By object id, or by application id, which people have at hand: both are GUIDs, and no program has one that is another's.
    private static async Task<ServicePrincipal?> FindAsync(GraphCall call) => !Guid.TryParse(call.Route("id"), out Guid id) ? null
        : await call.Directory.FindServicePrincipalByObjectIdAsync(id, call.Cancellation) ?? await call.Directory.FindServicePrincipalAsync(id, call.Cancellation);
}
