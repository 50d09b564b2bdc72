using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Carrel.Access.Directory.Graph;

/// <summary>A list in pages: <c>$top</c> rows (100, at most 999), then <c>@odata.nextLink</c>.</summary>
internal static class GraphList
{
    private const int Usual = 100;
    private const int Most = 999;
    private const string Token = "$skiptoken";

    /// <summary>Answers the page that the request asks for.</summary>
    /// <param name="call">The request.</param>
    /// <param name="kind">What the list holds, as Graph names it.</param>
    /// <param name="rows">All rows, in an order that stays.</param>
    internal static IResult Answer(GraphCall call, string kind, IEnumerable<JsonObject> rows)
    {
        IQueryCollection query = call.Context.Request.Query;
        int top = Top(query["$top"]);
        Func<JsonObject, bool> filter = GraphFilter.Read(query["$filter"]);
        IEnumerable<JsonObject> left = rows;
        if (query[Token].ToString() is { Length: > 0 } token)
        {
            string last = Decode(token);
            left = left.SkipWhile(row => row["id"]!.ToString() != last).Skip(1);
        }

        var page = new JsonArray();
        string? next = null;
        foreach (JsonObject row in left.Where(filter))
        {
            if (page.Count == top)
            {
                next = page[^1]!["id"]!.ToString();
                break;
            }

            page.Add(row);
        }

        var answer = new JsonObject { ["@odata.context"] = $"{call.Services.Options.Origin}/v1.0/$metadata#{kind}" };
        if (next is not null)
            answer["@odata.nextLink"] = NextLink(call, next);
        answer["value"] = page;
        return Results.Json(answer);
    }

    private static int Top(string? text) => string.IsNullOrEmpty(text) ? Usual
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int top) && top is >= 1 and <= Most
            ? top
            : throw GraphRefusal.BadRequest($"$top is the number of rows on a page, 1 to {Most}.");

    private static string NextLink(GraphCall call, string last)
    {
        HttpRequest request = call.Context.Request;
        IEnumerable<string> parameters = request.Query
            .Where(parameter => !parameter.Key.Equals(Token, StringComparison.OrdinalIgnoreCase))
            .Select(parameter => $"{Uri.EscapeDataString(parameter.Key)}={Uri.EscapeDataString(parameter.Value.ToString())}")
            .Append($"{Token}={Base64Url.EncodeToString(Encoding.UTF8.GetBytes(last))}");
        return $"{call.Services.Options.Origin}{request.Path.ToUriComponent()}?{string.Join('&', parameters)}";
    }

    private static string Decode(string token)
    {
        try
        {
            return Guid.Parse(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token))).ToString();
        }
        catch (FormatException)
        {
            throw GraphRefusal.BadRequest("The $skiptoken is none of this list: follow the @odata.nextLink of an answer as it is.");
        }
    }
}
