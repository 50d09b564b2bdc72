using Carrel.Agent.Activity;

namespace Carrel.Agent.Tests.Activity;

public sealed class ProcessEntryTests
{
    [Fact]
    public void A_line_of_a_real_process_table_is_read() =>
        ProcessEntry.Parse("58 (bash) S 47 58 58 34816 58 4194560 809 717 0 2 0 0 0 0 20 0 1 0 213120 4874240 975 18446744073709551615 1 1 0\n")
            .ShouldBe(new ProcessEntry(58, "bash", 'S', 47, 58, 34816, 213120));

    [Fact]
    public void A_name_may_hold_what_looks_like_the_rest_of_the_line() =>
        ProcessEntry.Parse("7 (a) R 1 (b) S 47 58 58 0 -1 4194560 809 717 0 2 0 0 0 0 20 0 1 0 9 4874240").ShouldNotBeNull().Name.ShouldBe("a) R 1 (b");

    [Theory]
    [InlineData("")]
    [InlineData("7")]
    [InlineData("7 (a)")]
    [InlineData("7 (a) S 1 2 3")]
    [InlineData(") 7 (")]
    [InlineData("x (a) S 47 58 58 0 -1 4194560 809 717 0 2 0 0 0 0 20 0 1 0 9 4874240")]
    [InlineData("7 (a) S x 58 58 0 -1 4194560 809 717 0 2 0 0 0 0 20 0 1 0 9 4874240")]
    public void Anything_else_is_passed_over(string line) => ProcessEntry.Parse(line).ShouldBeNull();
}
