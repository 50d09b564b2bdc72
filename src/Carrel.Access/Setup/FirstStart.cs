using Carrel.Access.Authority;
using Carrel.Access.Authority.Refresh;
using Carrel.Access.Directory;
using Carrel.Access.Roles;
using Carrel.Access.Tokens;
using Carrel.Arm.Identity;

namespace Carrel.Access.Setup;

/// <summary>What the server writes into <c>client.env</c> and <c>administrator</c>; exists in memory and in those files only.</summary>
/// <param name="AdministratorName">Sign-in name.</param>
/// <param name="AdministratorPassword">Password.</param>
/// <param name="ClientId">Application id of the first program.</param>
/// <param name="ClientSecret">Its secret.</param>
public sealed record FirstSecrets(string AdministratorName, string AdministratorPassword, Guid ClientId, string ClientSecret)
{
    /// <summary>Keeps secrets out of logs.</summary>
    public override string ToString() => $"secrets of {AdministratorName} and {ClientId}";
}

/// <summary>Outcome of a start.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="AdministratorId">Object id of the administrator.</param>
/// <param name="ClientId">Application id of the first program.</param>
/// <param name="Secrets">To be written to files and then confirmed; null when they reached their files before.</param>
/// <param name="Environment">CARREL_TENANT, _SUBSCRIPTION, _GROUP, _WORKSPACE, _CLIENT_ID and, with secrets, _CLIENT_SECRET.</param>
public sealed record FirstStartResult(
    Tenant Tenant, Guid AdministratorId, Guid ClientId, FirstSecrets? Secrets, IReadOnlyList<KeyValuePair<string, string>> Environment);

/// <summary>
/// Makes tenant, administrator and first program once, and loads what every start needs. Secrets are stored as hashes only, so a process that
/// dies before the files are written leaves secrets that nobody has: until <see cref="ConfirmDeliveryAsync"/> every start replaces them.
/// </summary>
public sealed class FirstStart(ISetupStore store, IAuthorizationCodeStore codes, IRefreshTokenStore refresh, HomeTenant home, RevokedGrants revoked, TimeProvider time)
{
    /// <summary>Runs before the server listens.</summary>
    public async Task<FirstStartResult> RunAsync(FirstStartOptions options, CancellationToken cancellation)
    {
        (SetupState state, FirstSecrets? secrets) = await EnsureAsync(options, cancellation);
        home.Load(state.Tenant);
        foreach (string grant in await codes.ListReplayedAsync(cancellation))
            revoked.Add(grant);
        foreach (string grant in await refresh.ListEndedAsync(time.GetUtcNow() - SigningKeys.KeptAfter, cancellation))
            revoked.Add(grant);
        return new FirstStartResult(state.Tenant, state.AdministratorId, state.ClientId, secrets, Environment(options, state, secrets));
    }

    /// <summary>To be called when the files with the secrets are durably written.</summary>
    public Task ConfirmDeliveryAsync(CancellationToken cancellation) => store.ConfirmDeliveryAsync(cancellation);

    private async Task<(SetupState State, FirstSecrets? Secrets)> EnsureAsync(FirstStartOptions options, CancellationToken cancellation)
    {
        string name = options.AdministratorName.Contains('@') ? options.AdministratorName : $"{options.AdministratorName}@{options.Domain}";
        if (UserNames.Fault(name, options.Domain) is { } fault)
            throw new ArgumentException($"The administrator's name '{name}' cannot be used. {fault}", nameof(options));
        string password = ReadablePassword.Create();
        string secret = ClientSecrets.Create();
        DateTimeOffset expires = time.GetUtcNow() + options.SecretLifetime;

        SetupState? state = await store.FindAsync(cancellation);
        if (state is null)
        {
            SetupRecords records = Records(options, name, password, secret, expires);
            if (await store.TryCreateAsync(records, cancellation))
            {
                state = new SetupState(records.Tenant, records.Administrator.ObjectId, records.Program.ClientId, false);
                return (state, new FirstSecrets(name, password, records.Program.ClientId, secret));
            }

            state = await store.FindAsync(cancellation) ?? throw new InvalidOperationException("The store refused a first start and has none.");
        }

        if (state.Delivered)
            return (state, null);
        var replacement = new ClientSecret(Guid.NewGuid(), state.ClientId, ClientSecrets.Hash(secret), expires);
        bool replaced = await store.TryReplaceSecretsAsync(PasswordSignIn.HashPassword(password), replacement, cancellation);
        return (state, replaced ? new FirstSecrets(name, password, state.ClientId, secret) : null);
    }

    private SetupRecords Records(FirstStartOptions options, string name, string password, string secret, DateTimeOffset expires)
    {
        DateTimeOffset now = time.GetUtcNow();
        var tenant = new Tenant(options.TenantId ?? Guid.NewGuid(), options.Domain, now);
        var administrator = new DirectoryUser(Guid.NewGuid(), name, "Administrator", PasswordSignIn.HashPassword(password), now);
        var program = new ServicePrincipal(Guid.NewGuid(), Guid.NewGuid(), "carrel-first-program", CallerKind.Application, now);
        string scope = $"/subscriptions/{options.SubscriptionId}";
        return new SetupRecords(
            tenant, administrator, program, new ClientSecret(Guid.NewGuid(), program.ClientId, ClientSecrets.Hash(secret), expires),
            [
                new RoleAssignment(Guid.NewGuid(), scope, administrator.ObjectId, BuiltInRoles.Owner.Id, "User", now),
                new RoleAssignment(Guid.NewGuid(), scope, program.ObjectId, BuiltInRoles.Owner.Id, "ServicePrincipal", now),
            ]);
    }

    private static List<KeyValuePair<string, string>> Environment(FirstStartOptions options, SetupState state, FirstSecrets? secrets)
    {
        List<KeyValuePair<string, string>> variables =
        [
            new("CARREL_TENANT", state.Tenant.Id.ToString()),
            new("CARREL_SUBSCRIPTION", options.SubscriptionId.ToString()),
            new("CARREL_GROUP", options.ResourceGroup),
            new("CARREL_WORKSPACE", options.Workspace),
            new("CARREL_CLIENT_ID", state.ClientId.ToString()),
        ];
        if (secrets is not null)
            variables.Add(new("CARREL_CLIENT_SECRET", secrets.ClientSecret));
        return variables;
    }
}
