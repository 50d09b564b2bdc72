using Carrel.Access.Tokens;
using Carrel.Identity.Tokens;
using Carrel.Instances.Resources;

namespace Carrel.Identity.Tests.Tokens;

public sealed class TokenMemoryTests
{
    private static readonly Guid Instance = Guid.NewGuid();
    private static readonly AssignedIdentity Identity = new(Guid.NewGuid(), Guid.NewGuid(), "/i");

    [Fact]
    public void A_token_is_given_again_until_five_minutes_before_its_end_to_its_own_instance_and_resource()
    {
        var time = new ManualTime();
        var memory = new TokenMemory(time);
        memory.Keep(Instance, Identity, "r", new IssuedToken("t", 3599, time.Now.AddHours(1)));
        memory.Find(Instance, Identity, "r")!.Value.ShouldBe("t");
        memory.Find(Instance, Identity, "R").ShouldBeNull("the token says the resource exactly as asked");
        memory.Find(Guid.NewGuid(), Identity, "r").ShouldBeNull();
        memory.Find(Instance, Identity with { PrincipalId = Guid.NewGuid() }, "r").ShouldBeNull();
        time.Now += TimeSpan.FromMinutes(55) - TimeSpan.FromSeconds(1);
        memory.Find(Instance, Identity, "r").ShouldNotBeNull();
        time.Now += TimeSpan.FromSeconds(1);
        memory.Find(Instance, Identity, "r").ShouldBeNull();
    }

    [Fact]
    public void One_instance_gets_no_more_than_thirty_new_tokens_at_once_and_does_not_take_the_others_share()
    {
        var time = new ManualTime();
        var limits = new IssueLimits(time);
        Enumerable.Range(0, 100).Count(_ => limits.MayIssue(Instance)).ShouldBe(30);
        limits.MayIssue(Guid.NewGuid()).ShouldBeTrue();
        time.Now += TimeSpan.FromSeconds(2);
        Enumerable.Range(0, 100).Count(_ => limits.MayIssue(Instance)).ShouldBe(6);
        time.Now += TimeSpan.FromHours(1);
        Enumerable.Range(0, 100).Count(_ => limits.MayIssue(Instance)).ShouldBe(30);
    }

    private sealed class ManualTime : TimeProvider
    {
        internal DateTimeOffset Now { get; set; } = new(2026, 11, 25, 8, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
