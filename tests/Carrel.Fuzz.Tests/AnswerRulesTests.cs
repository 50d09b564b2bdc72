using Carrel.Fuzz.Tests.Requests;
using Carrel.Fuzz.Tests.Wire;

namespace Carrel.Fuzz.Tests;

/// <summary>The rules see what they are there to see.</summary>
public sealed class AnswerRulesTests
{
    private const string Envelope = """{"error":{"code":"c","message":"m"}}""";

    [Theory]
    [InlineData("/subscriptions", 404, Envelope, true)]
    [InlineData("/subscriptions", 500, Envelope, false)]
    [InlineData("/subscriptions", 429, Envelope, false)]
    [InlineData("/subscriptions", 401, Envelope, false)]
    [InlineData("/subscriptions", 404, "", false)]
    [InlineData("/subscriptions", 404, "{}", false)]
    [InlineData("/subscriptions", 404, """{"error":{"code":"c","message":""}}""", false)]
    [InlineData("/subscriptions", 404, """{"error":{"code":"c","message":"System.IO.IOException: x"}}""", false)]
    [InlineData("/subscriptions", 404, """{"error":{"code":"c","message":"/data/carrel is full"}}""", false)]
    [InlineData("/subscriptions", 200, "no json", false)]
    [InlineData("/signin", 404, "", true)]
    [InlineData("/subscriptions/../signin", 404, "", true)]
    public void An_answer_is_right_or_wrong(string target, int status, string body, bool right) =>
        (Fault(target, new WireAnswer(status, ["x-ms-request-id: 1"], body, false)) is null).ShouldBe(right);

    [Fact]
    public void An_answer_beside_the_pipeline_is_wrong() => Fault("/Subscriptions/a", new WireAnswer(404, [], "", false)).ShouldNotBeNull();

    [Fact]
    public void No_answer_is_wrong_unless_the_request_was_no_HTTP()
    {
        Fault("/subscriptions", null).ShouldNotBeNull();
        Fault("/subscriptions", null, broken: true).ShouldBeNull();
        Fault("/subscriptions", new WireAnswer(500, [], "", false), broken: true).ShouldNotBeNull();
    }

    [Fact]
    public void A_header_that_was_smuggled_in_is_wrong() => Fault("/signin", new WireAnswer(200, ["X-Evil: 1"], "", false)).ShouldNotBeNull();

    private static string? Fault(string target, WireAnswer? answer, bool broken = false) =>
        new AnswerRules("/data/carrel").Fault(new FuzzRequest(1, "", Plane.Arm, $"GET {target} HTTP/1.1\r\n\r\n", "", false, broken), answer);
}
