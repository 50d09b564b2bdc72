using System.Text;
using Carrel.Agent.Files;
using Carrel.AgentProtocol;

namespace Carrel.Agent.Access;

/// <summary>
/// What programs of the machine need to reach the server and to act as the instance's identities: variables for shells, notebooks and cron, the
/// certificates to trust, the server's name, and sudo's leave to pass the variables on (contract 9.3).
/// </summary>
internal sealed class MachineAccess(AgentOptions options, string identitySecret)
{
    private const UnixFileMode OwnerAndGroup = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
    private const UnixFileMode Everybody = OwnerAndGroup | UnixFileMode.OtherRead;

    /// <summary>The variables, in order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Variables(MachineSettings settings)
    {
        var variables = new List<KeyValuePair<string, string>>();
        void Set(string name, string value) => variables.Add(new(name, value));
        if (settings.Server is { } server)
        {
            Set("CARREL_URL", server.Url);
            Set("CARREL_TENANT", server.TenantId);
            Set("CARREL_SUBSCRIPTION", server.SubscriptionId);
            Set("CARREL_GROUP", settings.ResourceGroup);
            Set("CARREL_WORKSPACE", settings.WorkspaceName);
            Set("CARREL_OWNER_SOCKET", options.OwnerSocket);
            Set("AZURE_AUTHORITY_HOST", server.Url);
            Set("AZURE_TENANT_ID", server.TenantId);
            Set("AZURE_SUBSCRIPTION_ID", server.SubscriptionId);
            Set("AZURE_CORE_INSTANCE_DISCOVERY", "false");
            Set("ARM_CLOUD_METADATA_URL", $"{server.Url}/metadata/endpoints?api-version=2019-05-01");
            if (server.Certificates.Length > 0)
            {
                Set("CARREL_CA", options.CertificatesFile);
                Set("NODE_EXTRA_CA_CERTS", options.CertificatesFile);
                Set("REQUESTS_CA_BUNDLE", options.TrustFile);
                Set("SSL_CERT_FILE", options.TrustFile);
            }
        }

        // Absent without an identity, so that clients go on to their next credential (contract 9.3).
        if (settings.DefaultIdentityClientId is { } client)
        {
            Set("MSI_ENDPOINT", $"http://{options.IdentityListen}{Identity.MsiRules.Path}");
            Set("MSI_SECRET", identitySecret);
            Set("DEFAULT_IDENTITY_CLIENT_ID", client);
            // Without it az takes MSI_ENDPOINT for the older kind, which knows no secret. The value is that of Azure's own instances.
            Set("APPSETTING_WEBSITE_SITE_NAME", "AMLComputeInstance");
        }

        return variables;
    }

    /// <summary>Writes everything but the environment of shells, which comes with the other settings.</summary>
    /// <returns>What went wrong, or null.</returns>
    public string? Write(MachineSettings settings)
    {
        try
        {
            WriteTrust(settings.Server?.Certificates ?? "");
            WriteForCron(Variables(settings));
            WriteForSudo();
            return settings.Server is { } server ? NameServer(new Uri(server.Url).IdnHost) : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $"The access to the server could not be set up: {failure.GetType().Name}.";
        }
    }

    // Both the system's certificates and the server's: with the server's alone programs could reach nobody else.
    private void WriteTrust(string certificates)
    {
        if (certificates.Length == 0)
        {
            return;
        }

        AtomicFile.Write(options.CertificatesFile, certificates, Everybody);
        AtomicFile.Write(options.TrustFile, $"{AtomicFile.ReadIfThere(options.SystemTrustFile)}\n{certificates}", Everybody);
    }

    // The file is in memory; only its name is on the disk.
    private void WriteForCron(IReadOnlyList<KeyValuePair<string, string>> variables)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in variables)
        {
            text.Append(name).Append('=').Append(value).Append('\n');
        }

        AtomicFile.Write(options.CronEnvironmentFile, text.ToString(), OwnerAndGroup, options.UserId);
        var link = new FileInfo(options.CronEnvironmentLink);
        if (link.LinkTarget == options.CronEnvironmentFile)
        {
            return;
        }

        File.Delete(options.CronEnvironmentLink);
        File.CreateSymbolicLink(options.CronEnvironmentLink, options.CronEnvironmentFile);
    }

    private void WriteForSudo()
    {
        const string Names = "CARREL_URL CARREL_CA CARREL_TENANT CARREL_SUBSCRIPTION CARREL_GROUP CARREL_WORKSPACE CARREL_OWNER_SOCKET AZURE_AUTHORITY_HOST AZURE_TENANT_ID AZURE_SUBSCRIPTION_ID "
            + "AZURE_CORE_INSTANCE_DISCOVERY ARM_CLOUD_METADATA_URL NODE_EXTRA_CA_CERTS REQUESTS_CA_BUNDLE SSL_CERT_FILE MSI_ENDPOINT MSI_SECRET DEFAULT_IDENTITY_CLIENT_ID APPSETTING_WEBSITE_SITE_NAME";
        var rule = Path.Combine(options.SudoersFolder, "carrel-access");
        var text = $"Defaults:{options.User} env_keep += \"{Names}\"\n";
        if (AtomicFile.ReadIfThere(rule) != text)
        {
            AtomicFile.Write(rule, text, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        }
    }

    // The engine binds this file into the machine, so it is written in place.
    private string? NameServer(string host)
    {
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || System.Net.IPAddress.TryParse(host, out _))
        {
            return null;
        }

        var line = $"127.0.0.1\t{host}\t# carrel";
        var lines = (AtomicFile.ReadIfThere(options.HostsFile) ?? "").Split('\n').Where(known => known.Length > 0).ToList();
        if (!lines.Contains(line))
        {
            lines.RemoveAll(known => known.EndsWith("\t# carrel", StringComparison.Ordinal));
            lines.Add(line);
            File.WriteAllText(options.HostsFile, string.Join('\n', lines) + "\n");
        }

        return null;
    }
}
