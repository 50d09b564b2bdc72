using Carrel.AgentProtocol.Identity;
using Carrel.Identity.Tokens;
using Carrel.Instances.Resources;

namespace Carrel.Identity.Tests.Tokens;

/// <summary>Which identity a question means (contract 9.3).</summary>
public sealed class IdentityChoiceTests
{
    private const string Arm = "https://management.azure.com";
    private static readonly AssignedIdentity First = Identity(1, "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/one");
    private static readonly AssignedIdentity Second = Identity(2, "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/two");

    [Fact]
    public void Without_a_name_the_first_is_meant() => Of(new IdentityQuestion(Arm)).Identity.ShouldBe(First);

    [Fact(DisplayName = "9.T9 The client id of the second identity means the second")]
    public void A_name_of_any_kind_means_its_identity()
    {
        Of(new IdentityQuestion(Arm, IdentitySelector.ClientId, Second.ClientId.ToString().ToUpperInvariant())).Identity.ShouldBe(Second);
        Of(new IdentityQuestion(Arm, IdentitySelector.ObjectId, Second.PrincipalId.ToString("D"))).Identity.ShouldBe(Second);
        Of(new IdentityQuestion(Arm, IdentitySelector.ResourceId, Second.ResourceId.ToUpperInvariant() + "/")).Identity.ShouldBe(Second);
    }

    [Theory(DisplayName = "9.T9 A foreign identity is invalid_request")]
    [InlineData(IdentitySelector.ClientId, "cccccccc-0000-0000-0000-000000000009")]
    [InlineData(IdentitySelector.ClientId, "not an id")]
    [InlineData(IdentitySelector.ObjectId, "cccccccc-0000-0000-0000-000000000001")]
    [InlineData(IdentitySelector.ResourceId, "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/three")]
    public void A_foreign_identity_is_refused(IdentitySelector selector, string named)
    {
        IdentityRefusal refusal = Of(new IdentityQuestion(Arm, selector, named)).Refusal!;
        (refusal.Status, refusal.Error).ShouldBe((400, "invalid_request"));
    }

    [Fact]
    public void A_principals_id_is_no_client_id() =>
        Of(new IdentityQuestion(Arm, IdentitySelector.ClientId, First.PrincipalId.ToString())).Identity.ShouldBeNull();

    [Fact]
    public void A_resource_that_the_tenant_does_not_know_is_told_after_the_identity()
    {
        IdentityRefusal refusal = Of(new IdentityQuestion("https://vault.example\r\nx")).Refusal!;
        (refusal.Status, refusal.Error).ShouldBe((400, "invalid_resource"));
        refusal.Description.ShouldNotContain("\n");
        IdentityChoice.Of(new IdentityQuestion("https://vault.example"), [], _ => false).Refusal!.Error.ShouldBe("invalid_request");
    }

    [Fact(DisplayName = "9.T8 Without identity a question is invalid_request")]
    public void Without_identity_it_is_refused()
    {
        IdentityRefusal refusal = IdentityChoice.Of(new IdentityQuestion(Arm), [], _ => true).Refusal!;
        (refusal.Status, refusal.Error).ShouldBe((400, "invalid_request"));
    }

    private static IdentityChoice Of(IdentityQuestion question) => IdentityChoice.Of(question, [First, Second], resource => resource == Arm);

    private static AssignedIdentity Identity(int number, string resource) =>
        new(Guid.Parse($"aaaaaaaa-0000-0000-0000-00000000000{number}"), Guid.Parse($"cccccccc-0000-0000-0000-00000000000{number}"), resource);
}
