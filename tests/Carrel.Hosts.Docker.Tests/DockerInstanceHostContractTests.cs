using Carrel.Hosts.Docker.Tests.Support;
using Carrel.TestKit.Hosting;

namespace Carrel.Hosts.Docker.Tests;

/// <summary>The contract kit on the real engine.</summary>
public sealed class DockerInstanceHostContractTests(TestRun run) : InstanceHostContract
{
    protected override HostUnderTest NewInstallation() => new DockerUnderTest(run);
}
