using Carrel.Api.Tests.Support;
using static Carrel.Api.Tests.Authorization.RolesUnderTest;

namespace Carrel.Api.Tests.Authorization;

public sealed class LinkedTests
{
    private const string Identity = Team + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/robot";
    private const string Subnet = Team + "/providers/Microsoft.Network/virtualNetworks/net/subnets/inner";
    private const string Assign = "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action";
    private const string Join = "Microsoft.Network/virtualNetworks/subnets/join/action";

    [Fact(DisplayName = "7.T12: a PUT with a user-assigned identity and no assign permission is refused with both scopes, and works with it")]
    public async Task Assign_permission()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        (await api.PutAsync(Identity, """{"location":"local"}""", "person-ann")).Status.ShouldBe(201);
        await api.GiveAsync("olaf", "AzureML Compute Operator", Lab);
        string body = ApiUnderTest.InstanceBody(top: Named(Identity) + ",");
        Refused(await api.PutAsync(Compute("desk"), body, "person-olaf"), Assign, Identity);
        Refused(await api.PutAsync(Compute("desk"), ApiUnderTest.InstanceBody(top: Named("robot") + ","), "person-olaf"), Assign, Identity);
        (await api.GetAsync(Compute("desk"), "person-ann")).Status.ShouldBe(404, "nothing happened");
        await api.GiveAsync("olaf", "Managed Identity Operator", Identity);
        (await api.PutAsync(Compute("desk"), body, "person-olaf")).Status.ShouldBe(201);
    }

    [Fact(DisplayName = "7.T12: what is attached already needs no permission again, and a PATCH attaches nothing without it")]
    public async Task Updates()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        string other = Identity + "-2";
        foreach (string id in new[] { Identity, other })
            (await api.PutAsync(id, """{"location":"local"}""", "person-ann")).Status.ShouldBe(201);
        string body = ApiUnderTest.InstanceBody(top: Named(Identity) + ",");
        await api.RunningAsync("desk", body, "person-ann");
        await api.GiveAsync("olaf", "AzureML Compute Operator", Lab);
        (await api.PutAsync(Compute("desk"), body.Replace("{\"identity\"", "{\"tags\":{\"a\":\"b\"},\"identity\"", StringComparison.Ordinal), "person-olaf")).Status.ShouldBe(200);
        Refused(await api.SendAsync("PATCH", Compute("desk"), "{" + Named(other) + "}", "person-olaf"), Assign, other);
        await api.GiveCustomAsync("olaf", other, Assign);
        (await api.SendAsync("PATCH", Compute("desk"), "{" + Named(other) + "}", "person-olaf")).Status.ShouldBe(200);
    }

    [Fact(DisplayName = "14.T2: without join permission an instance does not come into a subnet")]
    public async Task Join_permission()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        await api.GiveAsync("olaf", "AzureML Compute Operator", Lab);
        string body = ApiUnderTest.InstanceBody(inner: ",\"subnet\":{\"id\":\"" + Subnet + "\"}");
        Refused(await api.PutAsync(Compute("desk"), body, "person-olaf"), Join, Subnet);
        await api.GiveCustomAsync("olaf", Subnet, Join);
        (await api.PutAsync(Compute("desk"), body, "person-olaf")).Status.ShouldBe(201);
    }

    private static string Named(string identity) => "\"identity\":{\"type\":\"UserAssigned\",\"userAssignedIdentities\":{\"" + identity + "\":{}}}";

    private static void Refused(Answer answer, string action, string linked)
    {
        (answer.Status, answer.Status == 403 ? answer.Code : answer.Text).ShouldBe((403, "LinkedAuthorizationFailed"));
        answer.Message.ShouldContain($"'{action}'");
        answer.Message.ShouldContain($"'{linked}'");
        answer.Message.ShouldContain($"'{M}/workspaces/computes/write'");
        answer.Message.ShouldContain($"'{Compute("desk")}'");
        answer.Message.ShouldContain($"'{Id("olaf")}'");
    }
}
