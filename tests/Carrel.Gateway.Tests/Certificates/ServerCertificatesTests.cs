using System.Diagnostics;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Carrel.Gateway.Certificates;
using Carrel.Gateway.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Carrel.Gateway.Tests.Certificates;

public sealed class ServerCertificatesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("carrel-tls-").FullName;
    private readonly SettableTime _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_first_start_makes_a_CA_and_a_certificate_and_keeps_the_keys_private()
    {
        ServerCertificates made = Open("lab");
        foreach (string name in (string[])["ca.key", "server.key"])
            File.GetUnixFileMode(Path.Combine(_folder, "tls", name)).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.GetFiles(Path.Combine(_folder, "tls")).Length.ShouldBe(4);

        using X509Certificate2 authority = X509CertificateLoader.LoadCertificateFromFile(made.AuthorityFile!);
        authority.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority.ShouldBeTrue();
        (authority.NotAfter - authority.NotBefore).TotalDays.ShouldBeInRange(3651, 3654);
        (made.Current.NotAfter - made.Current.NotBefore).ShouldBeLessThan(TimeSpan.FromDays(397));
        string[] names = [.. made.Current.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateDnsNames()];
        foreach (string name in (string[])["localhost", "carrel.localhost", "*.carrel.localhost", "*.blob.carrel.localhost", "desk.example", "*.lab.instances.localhost"])
            names.ShouldContain(name);

        Open("lab").Current.Thumbprint.ShouldBe(made.Current.Thumbprint);
    }

    [Fact]
    public async Task A_new_location_gets_a_new_certificate_of_the_same_CA_without_a_restart()
    {
        ServerCertificates certificates = Open("lab");
        string before = certificates.Current.Thumbprint;
        string authority = await File.ReadAllTextAsync(certificates.AuthorityFile!, Cancellation);
        await certificates.EnsureLocationsAsync(["lab"], Cancellation);
        certificates.Current.Thumbprint.ShouldBe(before);
        await certificates.EnsureLocationsAsync(["lab", "attic"], Cancellation);
        certificates.Current.Thumbprint.ShouldNotBe(before);
        certificates.Current.MatchesHostname("ann.attic.instances.localhost").ShouldBeTrue();
        certificates.Current.MatchesHostname("ann.lab.instances.localhost").ShouldBeTrue();
        (await File.ReadAllTextAsync(certificates.AuthorityFile!, Cancellation)).ShouldBe(authority);
    }

    [Fact]
    public void A_certificate_is_renewed_thirty_days_before_its_end_and_not_earlier()
    {
        ServerCertificates certificates = Open("lab");
        string before = certificates.Current.Thumbprint;
        _time.Advance(TimeSpan.FromDays(366));
        certificates.Refresh();
        certificates.Current.Thumbprint.ShouldBe(before);
        _time.Advance(TimeSpan.FromDays(2));
        certificates.Refresh();
        certificates.Current.Thumbprint.ShouldNotBe(before);
    }

    [Fact]
    public void A_server_key_that_does_not_fit_is_replaced_and_a_CA_that_does_not_fit_is_refused()
    {
        string before = Open("lab").Current.Thumbprint;
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(Path.Combine(_folder, "tls", "server.key"), other.ExportPkcs8PrivateKeyPem());
        Open("lab").Current.Thumbprint.ShouldNotBe(before);

        File.WriteAllText(Path.Combine(_folder, "tls", "ca.key"), other.ExportPkcs8PrivateKeyPem());
        Should.Throw<InvalidDataException>(() => Open("lab")).Message.ShouldContain("ca.key");
    }

    [Fact]
    public void A_crash_between_the_CAs_two_files_is_repaired_with_the_same_key()
    {
        using (var key = ECDsa.Create(ECCurve.NamedCurves.nistP256))
        {
            Directory.CreateDirectory(Path.Combine(_folder, "tls"));
            File.WriteAllText(Path.Combine(_folder, "tls", "ca.key"), key.ExportPkcs8PrivateKeyPem());
        }

        string pem = File.ReadAllText(Path.Combine(_folder, "tls", "ca.key"));
        Open("lab").Current.HasPrivateKey.ShouldBeTrue();
        File.ReadAllText(Path.Combine(_folder, "tls", "ca.key")).Trim().ShouldBe(pem.Trim());
    }

    [Fact]
    public void A_configured_certificate_is_shown_instead_and_a_bad_one_is_named()
    {
        ServerCertificates own = Open("lab");
        string tls = Path.Combine(_folder, "tls");
        GatewayOptions options = Options("lab") with { CertificateFile = Path.Combine(tls, "server.crt"), CertificateKeyFile = Path.Combine(tls, "server.key"), DataFolder = "/nonexistent" };
        var configured = new ServerCertificates(options, _time, NullLogger<ServerCertificates>.Instance);
        configured.Current.Thumbprint.ShouldBe(own.Current.Thumbprint);
        configured.AuthorityFile.ShouldBeNull();
        Should.Throw<InvalidDataException>(() => new ServerCertificates(options with { CertificateKeyFile = "/nonexistent/key" }, _time, NullLogger<ServerCertificates>.Instance))
            .Message.ShouldContain("/nonexistent/key");
    }

    [Theory]
    [InlineData("import ssl,sys;c=ssl.create_default_context(cafile=sys.argv[1]);c.verify_flags|=ssl.VERIFY_X509_STRICT;"
        + "import socket;s=c.wrap_socket(socket.create_connection(('127.0.0.1',int(sys.argv[2]))),server_hostname=sys.argv[3]);print(s.version())")]
    public async Task Python_trusts_it_strictly_for_the_studio_and_for_an_instance(string program)
    {
        if (!File.Exists("/usr/bin/python3"))
            Assert.Skip("There is no python3 here.");
        await using GatewayHost host = await GatewayHost.StartAsync();
        foreach (string name in (string[])["localhost", "studio.carrel.localhost", "ann.lab.instances.localhost", "127.0.0.1"])
        {
            using Process python = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", program, host.Get<ServerCertificates>().AuthorityFile!, host.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), name])
            { RedirectStandardOutput = true, RedirectStandardError = true })!;
            string said = await python.StandardOutput.ReadToEndAsync(Cancellation) + await python.StandardError.ReadToEndAsync(Cancellation);
            said.Trim().ShouldBe("TLSv1.3", name);
        }
    }

    [Fact]
    public async Task TLS_1_2_is_still_spoken()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", host.Port, Cancellation);
        await using var secure = new SslStream(client.GetStream());
        await secure.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "localhost", EnabledSslProtocols = SslProtocols.Tls12, CertificateChainPolicy = host.TrustPolicy() }, Cancellation);
        secure.SslProtocol.ShouldBe(SslProtocols.Tls12);
    }

    private ServerCertificates Open(params string[] locations) => new(Options(locations), _time, NullLogger<ServerCertificates>.Instance);

    private GatewayOptions Options(params string[] locations) =>
        new() { PublicUrl = new Uri("https://desk.example:8443"), DataFolder = _folder, Locations = locations };
}
