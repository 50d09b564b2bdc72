using Carrel.Gateway.Origins;

namespace Carrel.Gateway.Tests.Origins;

public sealed class HostNamesTests
{
    private static readonly HostNames Names = new(new GatewayOptions
    {
        PublicUrl = new Uri("https://desk.example:8443"), DataFolder = "/nonexistent", InstanceDomain = "desk.example",
    });

    [Theory]
    [InlineData("Ann-Desk.Lab.INSTANCES.desk.example:8443", "ann-desk", "lab")]
    [InlineData("a.b.instances.desk.example:8443", "a", "b")]
    public void A_name_and_a_location_before_the_domain_are_an_instance(string host, string name, string location)
    {
        HostMatch match = Names.Read(host);
        match.Owner.ShouldBe(HostOwner.Instance);
        match.Instance.ShouldBe(new InstanceOrigin(name, location, $"{name}.{location}.instances.desk.example:8443"));
    }

    [Theory]
    [InlineData("ann-8787", "ann", 8787)]
    [InlineData("my-desk-65535", "my-desk", 65535)]
    [InlineData("ann-08787", "ann-08787", null)]
    [InlineData("ann-65536", "ann-65536", null)]
    [InlineData("ann-0", "ann-0", null)]
    [InlineData("ann8787", "ann8787", null)]
    public void A_hyphen_and_a_port_behind_the_name_are_a_custom_service_of_the_instance(string label, string name, int? port)
    {
        InstanceOrigin origin = Names.Read(label + ".lab.instances.desk.example:8443").Instance!;
        (origin.Name, origin.ApplicationPort).ShouldBe((name, port));
        Names.ReadCallback(origin.CallbackUri).ShouldBe(origin);
    }

    [Theory]
    [InlineData("desk.example:8443")]
    [InlineData("localhost:8443")]
    [InlineData("carrel.localhost:8443")]
    [InlineData("account.blob.carrel.localhost:8443")]
    public void The_public_name_localhost_and_Carrels_own_names_are_the_studio(string host) => Names.Read(host).Owner.ShouldBe(HostOwner.Studio);

    [Theory]
    [InlineData("")]
    [InlineData("desk.example")]
    [InlineData("desk.example:443")]
    [InlineData("desk.example:08443")]
    [InlineData("desk.example.:8443")]
    [InlineData("a.b.c.instances.desk.example:8443")]
    [InlineData("b.instances.desk.example:8443")]
    [InlineData(".b.instances.desk.example:8443")]
    [InlineData("-a.b.instances.desk.example:8443")]
    [InlineData("a_b.c.instances.desk.example:8443")]
    [InlineData("a.b.instances.desk.example.:8443")]
    [InlineData("a.b.instances.localhost:8443")]
    [InlineData("a.b.carrel.localhost:8443")]
    [InlineData("evilcarrel.localhost:8443")]
    public void Everything_else_is_nobodys(string host) => Names.Read(host).Owner.ShouldBe(HostOwner.Unknown);

    [Theory]
    [InlineData("https://desk.example", "desk.example")]
    [InlineData("https://desk.example", "desk.example:443")]
    [InlineData("https://[::1]:8443", "[::1]:8443")]
    public void The_default_port_may_be_left_out_and_an_address_may_be_the_public_name(string publicUrl, string host) =>
        new HostNames(new GatewayOptions { PublicUrl = new Uri(publicUrl), DataFolder = "/nonexistent" }).Read(host).Owner.ShouldBe(HostOwner.Studio);
}
