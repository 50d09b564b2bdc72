using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Carrel.Arm;
using Carrel.Engine.Idle;
using Carrel.Instances.Hosting;
using Carrel.Instances.Ssh;

namespace Carrel.Server.Configuration;

/// <summary>Everything an operator can set; each value comes from one environment variable (docs/reference/configuration.md).</summary>
public sealed partial record ServerOptions
{
    /// <summary><c>CARREL_DATA</c>: the data folder.</summary>
    public required string DataFolder { get; init; }

    /// <summary><c>CARREL_URL</c>: origin under which clients reach the server.</summary>
    public required Uri PublicUrl { get; init; }

    /// <summary><c>CARREL_LISTEN</c>: addresses the server listens on with the port of the public URL.</summary>
    public required IReadOnlyList<IPAddress> ListenAddresses { get; init; }

    /// <summary><c>CARREL_HTTP_PORT</c>: port that redirects plain HTTP; 0 for none.</summary>
    public required int HttpPort { get; init; }

    /// <summary><c>CARREL_INSTANCES_DOMAIN</c>: instances are at <c>NAME.LOCATION.instances.DOMAIN</c>.</summary>
    public required string InstancesDomain { get; init; }

    /// <summary><c>CARREL_TLS_CERTIFICATE</c> and <c>CARREL_TLS_KEY</c>: PEM files used instead of Carrel's own authority.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>See <see cref="CertificateFile"/>.</summary>
    public string? CertificateKeyFile { get; init; }

    /// <summary><c>CARREL_IMAGE</c>: reference of the workstation image.</summary>
    public required string Image { get; init; }

    /// <summary><c>CARREL_AGENT_FOLDER</c>: folder that holds <c>carrel-agent</c> and <c>carrel</c>.</summary>
    public required string AgentFolder { get; init; }

    /// <summary><c>CARREL_ADDRESS_POOL</c>: IPv4 range for the networks of workspaces.</summary>
    public required IPNetwork AddressPool { get; init; }

    /// <summary><c>CARREL_SSH_PORTS</c>: ports that lead to instances by SSH.</summary>
    public required SshPortPool SshPorts { get; init; }

    /// <summary><c>CARREL_PAGE_SIZE</c>: most rows on a page of a list.</summary>
    public required int PageSize { get; init; }

    /// <summary><c>CARREL_ACTIVITY_SAMPLE</c> and <c>CARREL_IDLE_NOTICE</c>: how idleness is looked for.</summary>
    public required IdleOptions Idle { get; init; }

    /// <summary><c>CARREL_SIZES</c>: true for sizes derived from the host (<c>host</c>), false for Azure's (<c>azure</c>).</summary>
    public required bool HostSizes { get; init; }

    /// <summary><c>CARREL_PRICES</c>: file with prices of sizes; null for those of the catalogue.</summary>
    public string? PriceFile { get; init; }

    /// <summary><c>CARREL_CAPACITY</c>: what happens when a size asks for more than the host has.</summary>
    public required CapacityPolicy Capacity { get; init; }

    /// <summary><c>CARREL_RESCUE_SPACE</c>: bytes; a machine that starts with fewer free comes up in rescue mode. The variable is in MiB.</summary>
    public required long RescueBelowBytes { get; init; }

    /// <summary>How stops are announced.</summary>
    public required NoticeSettings Notices { get; init; }

    /// <summary><c>CARREL_TENANT</c>: id of the tenant made at first start; null makes one.</summary>
    public Guid? Tenant { get; init; }

    /// <summary><c>CARREL_SUBSCRIPTION</c>: id of the subscription made at first start; null makes one.</summary>
    public Guid? Subscription { get; init; }

    /// <summary><c>CARREL_SUBSCRIPTION_NAME</c>: readable name of the subscription.</summary>
    public required string SubscriptionName { get; init; }

    /// <summary><c>CARREL_TENANT_DOMAIN</c>: what stands behind the <c>@</c> of sign-in names.</summary>
    public required string TenantDomain { get; init; }

    /// <summary><c>CARREL_GROUP</c>: resource group made at first start.</summary>
    public required string ResourceGroup { get; init; }

    /// <summary><c>CARREL_WORKSPACE</c>: workspace made at first start.</summary>
    public required string Workspace { get; init; }

    /// <summary><c>CARREL_LOCATION</c>: location of the group and workspace made at first start.</summary>
    public required string Location { get; init; }

    /// <summary><c>CARREL_ADMINISTRATOR</c>: sign-in name of the administrator made at first start, without domain.</summary>
    public required string Administrator { get; init; }

    /// <summary>The public origin as text, without a final slash.</summary>
    public string Origin => PublicUrl.GetLeftPart(UriPartial.Authority);

    /// <summary>Domain of Carrel's own further host names: the public host, or a name below it that a laptop resolves.</summary>
    public string StudioDomain => PublicUrl.IdnHost is "localhost" ? "carrel.localhost" : PublicUrl.IdnHost;

    /// <summary>The origin of an instance.</summary>
    public string InstanceUrl(string name, string location) =>
        $"https://{name.ToLowerInvariant()}.{location}.instances.{InstancesDomain}{(PublicUrl.IsDefaultPort ? "" : $":{PublicUrl.Port}")}";

    /// <summary>Reads the environment.</summary>
    /// <exception cref="ConfigurationException">A value cannot be used.</exception>
    public static ServerOptions Read(Func<string, string?> variable)
    {
        string Text(string name, string otherwise) => variable(name) is { Length: > 0 } value ? value : otherwise;
        string data = Path.GetFullPath(Text("CARREL_DATA", ".carrel"));
        string workspace = Named(Text("CARREL_WORKSPACE", "main"), "CARREL_WORKSPACE", WorkspacePattern());
        return new ServerOptions
        {
            DataFolder = data,
            PublicUrl = Url(Text("CARREL_URL", "https://localhost:8443")),
            ListenAddresses = Addresses(Text("CARREL_LISTEN", "127.0.0.1,::1")),
            HttpPort = Port(Text("CARREL_HTTP_PORT", "8080")),
            InstancesDomain = Named(Text("CARREL_INSTANCES_DOMAIN", "localhost"), "CARREL_INSTANCES_DOMAIN", DomainPattern()),
            CertificateFile = variable("CARREL_TLS_CERTIFICATE") is { Length: > 0 } certificate ? certificate : null,
            CertificateKeyFile = variable("CARREL_TLS_KEY") is { Length: > 0 } key ? key : null,
            Image = Text("CARREL_IMAGE", "carrel/workstation:minimal"),
            AgentFolder = Path.GetFullPath(Text("CARREL_AGENT_FOLDER", Path.Combine(data, "bin", "agent"))),
            AddressPool = Pool(Text("CARREL_ADDRESS_POOL", "10.186.0.0/16")),
            SshPorts = Ports(Text("CARREL_SSH_PORTS", $"{SshPortPool.Default.First}-{SshPortPool.Default.Last}")),
            PageSize = Rows(Text("CARREL_PAGE_SIZE", ArmOptions.DefaultPageSize.ToString(CultureInfo.InvariantCulture))),
            Idle = new IdleOptions
            {
                SampleEvery = TimeSpan.FromSeconds(Number(Text("CARREL_ACTIVITY_SAMPLE", "60"), "CARREL_ACTIVITY_SAMPLE", "seconds", 1, 60)),
                NoticeMinutes = Number(Text("CARREL_IDLE_NOTICE", "5"), "CARREL_IDLE_NOTICE", "minutes", 1, 10),
            },
            HostSizes = Word(Text("CARREL_SIZES", "azure"), "CARREL_SIZES", "azure", "host") == "host",
            PriceFile = variable("CARREL_PRICES") is { Length: > 0 } prices ? Path.GetFullPath(prices) : null,
            Capacity = Word(Text("CARREL_CAPACITY", "overcommit"), "CARREL_CAPACITY", "overcommit", "refuse") == "refuse" ? CapacityPolicy.Refuse : CapacityPolicy.Overcommit,
            RescueBelowBytes = Mebibytes(Text("CARREL_RESCUE_SPACE", "1024"), "CARREL_RESCUE_SPACE"),
            Notices = NoticeSettings.Read(variable),
            Tenant = Identifier(variable("CARREL_TENANT"), "CARREL_TENANT"),
            Subscription = Identifier(variable("CARREL_SUBSCRIPTION"), "CARREL_SUBSCRIPTION"),
            SubscriptionName = Text("CARREL_SUBSCRIPTION_NAME", "Carrel"),
            TenantDomain = Named(Text("CARREL_TENANT_DOMAIN", "carrel.local"), "CARREL_TENANT_DOMAIN", DomainPattern()),
            ResourceGroup = Named(Text("CARREL_GROUP", "carrel"), "CARREL_GROUP", GroupPattern()),
            Workspace = workspace,
            Location = Named(Text("CARREL_LOCATION", "local"), "CARREL_LOCATION", LocationPattern()),
            Administrator = Named(Text("CARREL_ADMINISTRATOR", "admin"), "CARREL_ADMINISTRATOR", NamePattern()),
        };
    }

    private static Uri Url(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme == Uri.UriSchemeHttps && url.PathAndQuery == "/" && url.UserInfo.Length == 0
            ? url
            : throw new ConfigurationException($"CARREL_URL must be an https origin such as https://localhost:8443, without a path; it is '{text}'.");

    private static IPAddress[] Addresses(string text) =>
        [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(part => IPAddress.TryParse(part, out IPAddress? address)
            ? address
            : throw new ConfigurationException($"CARREL_LISTEN must be IP addresses separated by commas; '{part}' is none."))];

    private static int Port(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port <= IPEndPoint.MaxPort
            ? port
            : throw new ConfigurationException($"CARREL_HTTP_PORT must be a port from 1 to 65535, or 0 for none; it is '{text}'.");

    private static SshPortPool Ports(string text) =>
        text.Split('-') is [var first, var last]
        && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out int from) && int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out int to)
        && from is >= 1024 and <= IPEndPoint.MaxPort && to >= from && to <= IPEndPoint.MaxPort
            ? new SshPortPool(from, to)
            : throw new ConfigurationException($"CARREL_SSH_PORTS must be two ports from 1024 to 65535, the lower one first, such as 50000-50999; it is '{text}'.");

    private static int Rows(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int rows) && rows is >= 1 and <= 10_000
            ? rows
            : throw new ConfigurationException($"CARREL_PAGE_SIZE must be a number of rows from 1 to 10000; it is '{text}'.");

    private static long Mebibytes(string text, string name) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int mebibytes)
            ? mebibytes * 1024L * 1024
            : throw new ConfigurationException($"{name} must be a whole number of MiB such as 1024, or 0 for never; it is '{text}'.");

    private static int Number(string text, string name, string unit, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
            ? number
            : throw new ConfigurationException($"{name} must be a number of {unit} from {least} to {most}; it is '{text}'.");

    private static IPNetwork Pool(string text) =>
        IPNetwork.TryParse(text, out IPNetwork pool) && pool.PrefixLength is >= 8 and <= 24
            ? pool
            : throw new ConfigurationException($"CARREL_ADDRESS_POOL must be an IPv4 range with a prefix of 8 to 24, such as 10.186.0.0/16; it is '{text}'.");

    private static string Word(string text, string name, params string[] words) =>
        words.Contains(text) ? text : throw new ConfigurationException($"{name} must be {string.Join(" or ", words)}; it is '{text}'.");

    private static Guid? Identifier(string? text, string name) => string.IsNullOrEmpty(text)
        ? null
        : Guid.TryParse(text, out Guid id) ? id : throw new ConfigurationException($"{name} must be a GUID; it is '{text}'.");

    private static string Named(string text, string name, Regex pattern) =>
        pattern.IsMatch(text) ? text : throw new ConfigurationException($"{name} cannot be '{text}': it has characters or a length that are not allowed there.");

    [GeneratedRegex(@"\A[a-z0-9]{2,40}\z")]
    private static partial Regex LocationPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9_-]{2,32}\z")]
    private static partial Regex WorkspacePattern();

    [GeneratedRegex(@"\A[A-Za-z0-9_().-]{0,89}[A-Za-z0-9_()-]\z")]
    private static partial Regex GroupPattern();

    [GeneratedRegex(@"\A[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\z")]
    private static partial Regex DomainPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,64}\z")]
    private static partial Regex NamePattern();
}
