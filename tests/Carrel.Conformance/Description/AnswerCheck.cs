using System.Text.Json;

namespace Carrel.Conformance.Description;

/// <summary>Compares answers with the API description: operation, status, and the shape of the body.</summary>
internal sealed class AnswerCheck(ApiDescription description, ShapeCheck shapes)
{
    private const string ErrorType = "ErrorResponse";

    /// <summary>What is not documented in an answer; empty when all is.</summary>
    public IEnumerable<string> Findings(Exchange exchange)
    {
        if (exchange.Status >= 500)
            return [$"{exchange}: a server error"];
        if (exchange.Status >= 400)
            return Refusal(exchange).Select(finding => $"{exchange}: {finding}");
        if (description.Find(exchange.Method, exchange.Path) is not { } operation)
            return [$"{exchange}: no such operation is documented"];
        if (!operation.Answers.TryGetProperty(exchange.Status.ToString(System.Globalization.CultureInfo.InvariantCulture), out JsonElement answer))
            return [$"{exchange}: this status is not documented for it"];
        return Body(exchange, answer.GetString()).Select(finding => $"{exchange}: {finding}");
    }

    private IEnumerable<string> Body(Exchange exchange, string? type) => (type, exchange.Body) switch
    {
        (null, null) => [],
        (null, _) => ["a body, but none is documented"],
        (_, null) => [$"no body, but {type} is documented"],
        ({ } list, { } body) when list.StartsWith('[') => shapes.ListFindings(body, list[1..^1]),
        ({ } name, { } body) => shapes.Findings(body, name),
    };

    // A HEAD says by its status alone that something is absent.
    private IEnumerable<string> Refusal(Exchange exchange)
    {
        if (exchange.Body is not { } body)
            return exchange.Method == "HEAD" ? [] : ["a refusal without a body"];
        IEnumerable<string> missing = body.TryGetProperty("error", out JsonElement error)
            ? new[] { "code", "message" }.Where(member => !HasText(error, member)).Select(member => $"error.{member} is missing")
            : ["error is missing"];
        return missing.Concat(shapes.Findings(body, ErrorType));
    }

    private static bool HasText(JsonElement error, string member) =>
        error.TryGetProperty(member, out JsonElement value) && value.ValueKind == JsonValueKind.String && value.GetString()!.Length > 0;
}
