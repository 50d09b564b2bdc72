using Carrel.AgentProtocol;

namespace Carrel.Agent.Settings;

/// <summary>
/// Whether settings can be applied. The names are the server's, already checked there; this keeps a mistake from becoming a path or a
/// line of shell.
/// </summary>
internal static class SettingsCheck
{
    /// <summary>The reason to refuse them, or null.</summary>
    public static string? Refusal(MachineSettings settings) =>
        Text("instanceName", settings.InstanceName)
        ?? Text("workspaceName", settings.WorkspaceName)
        ?? Text("resourceGroup", settings.ResourceGroup)
        ?? Text("ownerAlias", settings.OwnerAlias)
        ?? Segment("instanceName", settings.InstanceName)
        ?? Segment("ownerAlias", settings.OwnerAlias)
        ?? Services(settings.Services)
        ?? Server(settings.Server)
        ?? Key(settings.SecureShellKey)
        ?? (settings.DefaultIdentityClientId is { } client && !Guid.TryParse(client, out _) ? "defaultIdentityClientId must be a GUID." : null);

    private static string? Text(string field, string value) => value switch
    {
        "" => $"{field} must not be empty.",
        { Length: > AgentContract.LongestText } => $"{field} must be at most {AgentContract.LongestText} characters long.",
        _ when value.Any(char.IsControl) => $"{field} must not hold control characters.",
        _ => null,
    };

    // One line, of which the first word is a type of key: no options, which could run a command.
    private static string? Key(string? key) =>
        key is null || (key.Length <= AgentContract.LongestKey && !key.Any(char.IsControl) && (key.StartsWith("ssh-", StringComparison.Ordinal) || key.StartsWith("ecdsa-", StringComparison.Ordinal) || key.StartsWith("sk-", StringComparison.Ordinal)))
            ? null
            : "secureShellKey must be one OpenSSH public key.";

    private static string? Segment(string field, string value) =>
        value is "." or ".." || value.Contains('/') ? $"{field} must be one path segment: no slash, not . and not .. ." : null;

    private static string? Server(ServerAccess? server) =>
        server is null ? null
        : !Uri.TryCreate(server.Url, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttps || url.GetLeftPart(UriPartial.Authority) != server.Url ? "server.url must be an https origin."
        : !Guid.TryParse(server.TenantId, out _) || !Guid.TryParse(server.SubscriptionId, out _) ? "server.tenantId and server.subscriptionId must be GUIDs."
        : null;

    private static string? Services(IReadOnlyDictionary<string, bool> services) =>
        services.Keys.FirstOrDefault(name => !AgentContract.Services.Contains(name)) is null
            ? null
            : $"services may name {string.Join(", ", AgentContract.Services)} only.";
}
