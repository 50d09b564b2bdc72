using System.Text;
using Carrel.Server.Configuration;

namespace Carrel.Server.FirstStart;

/// <summary>
/// The file to source: where Carrel is and the first service principal, under the names of Carrel's own tools and under those by which the
/// Python, JavaScript and .NET Azure clients and <c>az</c> look for it (wire 2). Pure.
/// </summary>
internal static class ClientEnvironment
{
    internal static string Write(ServerOptions options, string caFile, Guid tenant, Guid subscription, Guid clientId, string clientSecret)
    {
        var text = new StringBuilder();
        text.AppendLine("# Where this Carrel is, and its first service principal (Owner of the subscription). Keep it to yourself.");
        void Set(string name, string value) => text.Append("export ").Append(name).Append('=').AppendLine(Quote(value));

        Set("CARREL_URL", options.Origin);
        Set("CARREL_CA", caFile);
        Set("CARREL_TENANT", tenant.ToString("D"));
        Set("CARREL_SUBSCRIPTION", subscription.ToString("D"));
        Set("CARREL_GROUP", options.ResourceGroup);
        Set("CARREL_WORKSPACE", options.Workspace);
        Set("CARREL_LOCATION", options.Location);
        Set("CARREL_CLIENT_ID", clientId.ToString("D"));
        Set("CARREL_CLIENT_SECRET", clientSecret);

        text.AppendLine("# The Azure clients.");
        Set("AZURE_AUTHORITY_HOST", options.Origin);
        Set("AZURE_TENANT_ID", tenant.ToString("D"));
        Set("AZURE_CLIENT_ID", clientId.ToString("D"));
        Set("AZURE_CLIENT_SECRET", clientSecret);
        Set("AZURE_SUBSCRIPTION_ID", subscription.ToString("D"));
        Set("AZURE_CORE_INSTANCE_DISCOVERY", "false");
        Set("ARM_CLOUD_METADATA_URL", $"{options.Origin}/metadata/endpoints?api-version=2019-05-01");
        Set("REQUESTS_CA_BUNDLE", caFile);
        Set("NODE_EXTRA_CA_CERTS", caFile);
        Set("SSL_CERT_FILE", caFile);
        return text.ToString();
    }

    private static string Quote(string value) => $"'{value.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
