using Carrel.Instances.Naming;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Carrel.Instances.Tests.Naming;

public sealed class ComputeNameTests
{
    [Theory(DisplayName = "1.T1, 1.T28 Good names are accepted")]
    [InlineData("abc")]
    [InlineData("basic-example-i")]
    [InlineData("a-1b")]
    [InlineData("CI-2-x")]
    [InlineData("GEN8unique")]
    [InlineData("basic-ci202306211147")]
    [InlineData("ci-name")]
    [InlineData("abcdefghijklmnopqrstuvwx")]
    public void Statement_1_T1_and_1_T28_good_names_are_accepted(string name) => ComputeName.Check(name).IsValid.ShouldBeTrue();

    [Theory(DisplayName = "1.T1, 1.T28 Bad names are refused with a reason")]
    [InlineData("cpu-cluster-1")]
    [InlineData("ab")]
    [InlineData("")]
    [InlineData("1abc")]
    [InlineData("abc-")]
    [InlineData("a--")]
    [InlineData("a_b")]
    [InlineData("ab-12")]
    [InlineData("abcdefghijklmnopqrstuvwxy")]
    [InlineData("abc\n")]
    [InlineData("äbc")]
    [InlineData("ab\u0661c")]
    public void Statement_1_T1_and_1_T28_bad_names_are_refused_with_a_reason(string name)
    {
        var decision = ComputeName.Check(name);
        decision.IsValid.ShouldBeFalse();
        decision.Reason.ShouldNotBeNullOrWhiteSpace();
    }

    [Fact]
    public void The_decision_agrees_with_the_published_pattern_and_the_letter_after_the_last_hyphen()
    {
        var published = new System.Text.RegularExpressions.Regex(@"\A[a-zA-Z](?![a-zA-Z0-9-]*-\d+\z)[a-zA-Z0-9\-]{2,23}\z");
        var characters = Gen.Elements("aZ09--_ \nä".ToCharArray());
        var names = from length in Gen.Choose(0, 27) from text in Gen.ArrayOf(characters, length) select new string(text);
        Property.Check(Prop.ForAll(names.ToArbitrary(), name =>
        {
            var afterHyphen = name[(name.LastIndexOf('-') + 1)..];
            var expected = published.IsMatch(name) && (!name.Contains('-') || afterHyphen.Any(char.IsAsciiLetter));
            return ComputeName.Check(name).IsValid == expected;
        }));
    }
}
