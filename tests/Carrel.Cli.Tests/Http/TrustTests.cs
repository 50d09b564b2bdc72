using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Carrel.Cli.Errors;
using Carrel.Cli.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace Carrel.Cli.Tests.Http;

/// <summary>The real network handler against a real TLS server with a private authority.</summary>
public sealed class TrustTests : IAsyncLifetime
{
    private readonly Cli _cli = new();
    private readonly X509Certificate2 _authority = Authority();
    private WebApplication _server = null!;
    private int _port;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(Issue("localhost"))));
        _server = builder.Build();
        _server.Run(async context => await context.Response.WriteAsync(context.Request.Path.Value!.EndsWith("/token", StringComparison.Ordinal)
            ? Cli.TokenBody("app") : """{"value":[]}"""));
        await _server.StartAsync();
        _port = new Uri(_server.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
        _cli.Network = TrustedHandler.Create;
        _cli.Environment["CARREL_URL"] = $"https://localhost:{_port}";
    }

    [Fact]
    public async Task The_authority_of_CARREL_CA_is_trusted()
    {
        _cli.Environment["CARREL_CA"] = _cli.Write("ca.pem", _authority.ExportCertificatePem());
        (await _cli.RunAsync("compute", "list")).ShouldBe(ExitCode.Ok, _cli.Error);
    }

    [Fact]
    public async Task Without_it_the_certificate_is_refused_with_the_remedy()
    {
        (await _cli.RunAsync("compute", "list")).ShouldBe(ExitCode.Unreachable);
        _cli.Error.ShouldContain("set CARREL_CA");
    }

    [Fact]
    public async Task Another_authority_does_not_help()
    {
        using var other = Authority();
        _cli.Environment["CARREL_CA"] = _cli.Write("ca.pem", other.ExportCertificatePem());
        (await _cli.RunAsync("compute", "list")).ShouldBe(ExitCode.Unreachable);
    }

    [Fact]
    public async Task A_trusted_certificate_for_another_name_is_refused()
    {
        _cli.Environment["CARREL_CA"] = _cli.Write("ca.pem", _authority.ExportCertificatePem());
        _cli.Environment["CARREL_URL"] = $"https://127.0.0.1:{_port}";
        (await _cli.RunAsync("compute", "list")).ShouldBe(ExitCode.Unreachable);
    }

    [Fact]
    public async Task A_server_that_is_down_is_told_in_one_sentence()
    {
        await _server.StopAsync(TestContext.Current.CancellationToken);
        (await _cli.RunAsync("compute", "list")).ShouldBe(ExitCode.Unreachable);
        _cli.Error.ShouldContain("cannot be reached");
        _cli.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(1);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("no certificate")]
    public async Task A_bad_certificate_file_is_named(string? content)
    {
        _cli.Environment["CARREL_CA"] = content is null ? "/nowhere.pem" : _cli.Write("ca.pem", content);
        (await _cli.RunAsync("compute", "list")).ShouldBe(ExitCode.Usage);
        _cli.Error.ShouldContain(_cli.Environment["CARREL_CA"]);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _authority.Dispose();
        _cli.Dispose();
    }

    private static X509Certificate2 Authority()
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=Test authority {Guid.NewGuid():N}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
    }

    private X509Certificate2 Issue(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using var issued = request.Create(_authority, DateTimeOffset.UtcNow.AddMinutes(-30), DateTimeOffset.UtcNow.AddMinutes(30), RandomNumberGenerator.GetBytes(8));
        using var withKey = issued.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }
}
