using Carrel.Conformance.Clients;
using Carrel.Conformance.Description;
using Shouldly;
using Xunit;

namespace Carrel.Conformance;

/// <summary>Every answer that the clients got, against the published API description.</summary>
public sealed class AnswerTests(ConformanceRun run)
{
    private static readonly string OpenApi = Path.Combine(ClientProgram.Folder, "openapi");

    [Fact]
    public async Task Every_answer_is_documented_in_status_and_shape()
    {
        IReadOnlyList<Exchange> record = await run.RecordAsync();
        var allowed = new AllowedMembers(File.ReadLines(Path.Combine(OpenApi, "allowed.txt")));
        var check = new AnswerCheck(ApiDescription.Read(OpenApi), new ShapeCheck(ApiDescription.Read(OpenApi), allowed));

        string[] findings = [.. record.SelectMany(check.Findings).Distinct()];

        record.Count.ShouldBeGreaterThan(300, "the clients were not recorded");
        findings.ShouldBeEmpty();
        allowed.Unused.ShouldBeEmpty("a line of allowed.txt is not needed");
    }

    [Fact]
    public async Task Every_client_was_recorded()
    {
        IReadOnlyList<Exchange> record = await run.RecordAsync();

        foreach (string agent in new[] { "azure-ai-ml", "azsdk-js-arm-machinelearning", "azsdk-js-arm-resources", "azsdk-net-ResourceManager" })
            record.ShouldContain(exchange => exchange.Agent.Contains(agent, StringComparison.OrdinalIgnoreCase), agent);
    }

    [Fact]
    public async Task Every_client_followed_a_nextLink()
    {
        IEnumerable<Exchange> followed = (await run.RecordAsync()).Where(exchange => exchange.Query.Contains("skiptoken", StringComparison.OrdinalIgnoreCase) || exchange.Query.Contains("$skip", StringComparison.OrdinalIgnoreCase));

        foreach (string agent in new[] { "azure-ai-ml", "azsdk-js-arm-machinelearning", "azsdk-js-arm-resources", "azsdk-net-ResourceManager" })
            followed.ShouldContain(exchange => exchange.Agent.Contains(agent, StringComparison.OrdinalIgnoreCase) && exchange.Status == 200, agent);
    }

    [Fact]
    public async Task Every_management_answer_names_its_request_and_correlation()
    {
        IEnumerable<Exchange> management = (await run.RecordAsync()).Where(exchange => !exchange.Path.StartsWith("/metadata", StringComparison.OrdinalIgnoreCase));

        management.Where(exchange => !exchange.Headers.ContainsKey("x-ms-request-id") || !exchange.Headers.ContainsKey("x-ms-correlation-request-id")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_long_running_answer_carries_both_headers_and_a_pause()
    {
        IEnumerable<Exchange> accepted = (await run.RecordAsync()).Where(exchange => exchange.Method is "PUT" or "POST" or "DELETE" && exchange.Status is 201 or 202
            && exchange.Path.Contains("/computes/", StringComparison.OrdinalIgnoreCase));

        accepted.ShouldNotBeEmpty();
        foreach (Exchange exchange in accepted)
        {
            foreach (string header in new[] { "Azure-AsyncOperation", "Location", "Retry-After" })
                exchange.Headers.Keys.ShouldContain(header, exchange.ToString());
            exchange.Headers["Azure-AsyncOperation"].ShouldStartWith(run.Carrel.Url, customMessage: exchange.ToString());
        }
    }
}
