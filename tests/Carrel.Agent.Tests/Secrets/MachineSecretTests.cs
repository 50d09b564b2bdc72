using Carrel.AgentProtocol;

namespace Carrel.Agent.Tests.Secrets;

public sealed class MachineSecretTests
{
    private const string Written = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    [Theory]
    [InlineData("agent", "bb3c797db851b4cd17cec536b30b851bfd3ea4052abf1bde424ec0d1fb1ad13b")]
    [InlineData("jupyter", "a90e7c2dedf0b5b80ed081297eb6f0bedfbdd72b2b4e8651d87cff1052812b27")]
    public void A_derived_value_is_the_one_that_another_implementation_computes(string purpose, string expected) =>
        MachineSecret.Parse(Written).Derive(purpose).ShouldBe(expected);

    [Fact]
    public void A_secret_survives_being_written_and_read() => MachineSecret.Parse(Written).Reveal().ShouldBe(Written);

    [Fact]
    public void New_secrets_differ() => MachineSecret.Create().Reveal().ShouldNotBe(MachineSecret.Create().Reveal());

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData(Written + "0a")]
    [InlineData(Written + "\n")]
    [InlineData("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F")]
    [InlineData("g00102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")]
    public void Anything_but_sixty_four_lower_case_hexadecimal_characters_is_refused_without_being_repeated(string text)
    {
        var refusal = Should.Throw<FormatException>(() => MachineSecret.Parse(text));
        (text.Length > 2 && refusal.Message.Contains(text, StringComparison.Ordinal)).ShouldBeFalse();
    }

    [Fact]
    public void A_secret_never_shows_itself_in_a_text() => $"{MachineSecret.Parse(Written)}".ShouldNotContain("0102");

    [Theory]
    [InlineData("abc", "abc", true)]
    [InlineData("abc", "abd", false)]
    [InlineData("abc", "ab", false)]
    [InlineData("abc", null, false)]
    [InlineData("abc", "", false)]
    public void Values_match_only_when_they_are_equal(string expected, string? given, bool matches) =>
        MachineSecret.Matches(expected, given).ShouldBe(matches);
}
