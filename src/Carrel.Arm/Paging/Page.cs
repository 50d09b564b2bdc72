using System.Text.Json.Nodes;
using Carrel.Arm.Pipeline;

namespace Carrel.Arm.Paging;

/// <summary>One page of a list.</summary>
/// <typeparam name="T">What the list holds.</typeparam>
/// <param name="Rows">The rows.</param>
/// <param name="Next">Position behind which the next page begins, or null when this is the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Rows, string? Next)
{
    /// <summary><c>{"value":[...],"nextLink":...}</c>; no <c>nextLink</c> on the last page (wire 1.10).</summary>
    public ArmResult Answer(ArmRequest request, string list, Func<T, JsonNode> body)
    {
        var answer = new JsonObject { ["value"] = new JsonArray([.. Rows.Select(body)]) };
        if (Next is { } next)
            answer["nextLink"] = PageRequest.NextLink(request, list, next);
        return ArmResult.Ok(answer);
    }
}

/// <summary>Fills pages.</summary>
public static class Pages
{
    private const int SmallestBatch = 200;
    private const int MostLookedAt = 20_000;

    /// <summary>
    /// Fills a page from a store that cuts its answers itself, leaving out rows that are not to be shown. After many rows that are not, the page
    /// ends early and says where to go on, so that no request reads without bound.
    /// </summary>
    /// <typeparam name="T">What the list holds.</typeparam>
    /// <param name="asked">Which page.</param>
    /// <param name="fetch">Gives at most so many rows behind a position, in the list's order.</param>
    /// <param name="position">The position of a row.</param>
    /// <param name="keep">Whether a row is shown; null for all.</param>
    public static async Task<Page<T>> FillAsync<T>(
        PageRequest asked, Func<string?, int, Task<IReadOnlyList<T>>> fetch, Func<T, string> position, Func<T, ValueTask<bool>>? keep = null)
    {
        // One row more than is shown tells whether there is a next page.
        int batch = keep is null ? asked.Size : Math.Max(asked.Size, SmallestBatch);
        var kept = new List<T>();
        string? after = asked.After;
        for (int looked = 0; ; looked += batch)
        {
            IReadOnlyList<T> rows = await fetch(after, batch + 1);
            for (int index = 0; index < Math.Min(rows.Count, batch); index++)
            {
                after = position(rows[index]);
                if (keep is not null && !await keep(rows[index]))
                    continue;
                kept.Add(rows[index]);
                if (kept.Count == asked.Size)
                    return new Page<T>(kept, index + 1 < rows.Count ? after : null);
            }

            if (rows.Count <= batch)
                return new Page<T>(kept, null);
            if (looked + batch >= MostLookedAt)
                return new Page<T>(kept, after);
        }
    }
}
