using Carrel.Access.Roles;
using Carrel.Api.Tests.Support;
using static Carrel.Api.Tests.Authorization.RolesUnderTest;

namespace Carrel.Api.Tests.Authorization;

/// <summary>Who finds the subscription: clients that sign in look for it first.</summary>
public sealed class SubscriptionListTests
{
    [Theory]
    [InlineData(Subscription)]
    [InlineData(Team)]
    [InlineData(Lab)]
    [InlineData(Lab + "/computes/desk")]
    public async Task A_role_anywhere_in_it_shows_it_and_gives_no_more(string scope)
    {
        await using ApiUnderTest api = await StartAsync();
        (await CountAsync(api)).ShouldBe(0);

        Guid given = await api.GiveAsync("bob", "Reader", scope);
        (await CountAsync(api)).ShouldBe(1);
        (await api.GetAsync(Subscription, who: "person-bob")).Status.ShouldBe(scope == Subscription ? 200 : 403, "seeing it in a list is not reading it");

        await api.Get<IRoleAssignmentStore>().RemoveAsync(given, null, CancellationToken.None);
        (await CountAsync(api)).ShouldBe(0);
    }

    [Fact]
    public async Task A_group_shows_it_to_its_members()
    {
        await using ApiUnderTest api = await StartAsync();
        await api.GiveAsync("readers", "Reader", Lab);
        api.People().Groups[Id("bob")] = [Id("readers")];

        (await CountAsync(api)).ShouldBe(1);
    }

    private static async Task<int> CountAsync(ApiUnderTest api) => (await api.GetAsync("/subscriptions", who: "person-bob")).Body["value"]!.AsArray().Count;
}
