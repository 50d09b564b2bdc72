using Carrel.Instances.Idle;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Carrel.Instances.Tests.Idle;

public sealed class IdleTimeTests
{
    [Theory]
    [InlineData("PT15M", 15)]
    [InlineData("PT900S", 15)]
    [InlineData("PT15M30S", 16)]
    [InlineData("PT15M0.5S", 16)]
    [InlineData("PT1H", 60)]
    [InlineData("PT1H30M", 90)]
    [InlineData("P3D", 4320)]
    [InlineData("PT72H", 4320)]
    [InlineData("PT4320M", 4320)]
    [InlineData("P2DT24H", 4320)]
    public void Statement_4_T1_and_4_T2_durations_are_read_as_whole_minutes(string text, int minutes) =>
        IdleTime.Minutes(text).ShouldBe(minutes);

    [Theory]
    [InlineData("PT14M59S")]
    [InlineData("PT14M")]
    [InlineData("PT72H1S")]
    [InlineData("PT73H")]
    [InlineData("P4D")]
    [InlineData("30")]
    [InlineData("PT30")]
    [InlineData("PT")]
    [InlineData("P")]
    [InlineData("P1DT")]
    [InlineData("P1W")]
    [InlineData("P1M")]
    [InlineData("PT-30M")]
    [InlineData("-PT30M")]
    [InlineData("PT1.5H")]
    [InlineData("PT30M\n")]
    [InlineData("pt30m")]
    [InlineData("PT99999999999M")]
    [InlineData("PT٣٠M")]
    public void Statement_4_T1_other_texts_are_refused(string text) => IdleTime.Minutes(text).ShouldBeNull();

    [Fact]
    public void Every_duration_is_accepted_exactly_between_the_limits_and_rounded_up()
    {
        var durations =
            from d in Gen.Choose(0, 4) from h in Gen.Choose(0, 80) from m in Gen.Choose(0, 5000) from s in Gen.Choose(0, 4000)
            select (d, h, m, s);
        Property.Check(Prop.ForAll(durations.ToArbitrary(), x =>
        {
            var seconds = (((((x.d * 24) + x.h) * 60) + x.m) * 60) + x.s;
            int? expected = seconds is >= 900 and <= 259200 ? (seconds + 59) / 60 : null;
            return IdleTime.Minutes($"P{x.d}DT{x.h}H{x.m}M{x.s}S") == expected;
        }));
    }

    [Fact]
    public void What_is_answered_is_read_back_as_the_same_minutes() =>
        Property.Check(Prop.ForAll(Gen.Choose(15, 4320).ToArbitrary(), minutes => IdleTime.Minutes(IdleTime.Text(minutes)) == minutes));
}
