using Carrel.Identity.Owners;

namespace Carrel.Identity.Tests.Owners;

public sealed class OwnerStandingTests
{
    [Theory]
    [InlineData(true, true, true, null)]
    [InlineData(false, true, true, "access_denied")]
    [InlineData(true, false, false, "access_denied")]
    [InlineData(true, true, false, "login_required")]
    public void The_owners_credential_is_there_with_single_sign_on_and_a_sign_in_only(bool on, bool person, bool signedIn, string? error) =>
        (new OwnerStanding(on, person, signedIn).Refusal?.Error).ShouldBe(error);
}
