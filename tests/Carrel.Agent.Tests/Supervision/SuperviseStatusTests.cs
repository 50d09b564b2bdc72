using Carrel.Agent.Supervision;
using Carrel.AgentProtocol;

namespace Carrel.Agent.Tests.Supervision;

public sealed class SuperviseStatusTests
{
    [Fact]
    public void The_status_that_a_real_supervisor_wrote_is_read()
    {
        var status = SuperviseStatus.Parse(Convert.FromHexString("400000006b01482704273d742f00000000750001")).ShouldNotBeNull();
        status.State.ShouldBe(ServiceState.Up);
        status.ProcessId.ShouldBe(47);
        status.Since.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(1795246109));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("ffffffffffffffff000000000000000000000001")]
    [InlineData("0000000000000000000000000000000000000001")]
    [InlineData("400000006920200a000000000000000000000007")]
    public void Bytes_that_are_not_a_status_are_not_one(string bytes) => SuperviseStatus.Parse(Convert.FromHexString(bytes)).ShouldBeNull();
}
