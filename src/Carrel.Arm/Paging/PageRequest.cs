using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Carrel.Arm.Errors;
using Carrel.Arm.Pipeline;

namespace Carrel.Arm.Paging;

/// <summary>
/// Which part of a list is asked for. A continuation token names the last row that was given, so rows that come and go meanwhile are neither
/// repeated nor skipped; it holds no right, only a position.
/// </summary>
/// <param name="Size">Rows on a page.</param>
/// <param name="After">Position behind which the page begins, or null for the first.</param>
public sealed record PageRequest(int Size, string? After)
{
    private const string TopParameter = "$top";
    private const string TokenParameter = "$skipToken";

    // The API description of this provider calls its continuation token $skip.
    private const string OlderTokenParameter = "$skip";

    /// <summary>Reads <c>$top</c> (cut to the server's page size) and the continuation token.</summary>
    /// <param name="request">The request.</param>
    /// <param name="list">Name of the list; a token of another one is refused.</param>
    /// <exception cref="ArmException">400 <c>InvalidTop</c> or <c>InvalidSkipToken</c>.</exception>
    public static PageRequest Read(ArmRequest request, string list) => new(
        Math.Min(Top(request.Query(TopParameter)) ?? int.MaxValue, request.Options.PageSize),
        (request.Query(TokenParameter) ?? request.Query(OlderTokenParameter)) is { Length: > 0 } token ? Decode(token, list) : null);

    /// <summary>The address of the page behind a position: the same request, its filters and api-version, with another token.</summary>
    public static string NextLink(ArmRequest request, string list, string after)
    {
        var link = new StringBuilder(request.Options.PublicUrl).Append(request.Http.Request.Path.ToUriComponent());
        char separator = '?';
        foreach ((string name, string? value) in request.Http.Request.Query.SelectMany(parameter => parameter.Value.Select(value => (parameter.Key, value))))
        {
            if (Is(name, TokenParameter) || Is(name, OlderTokenParameter))
                continue;
            link.Append(separator).Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value ?? ""));
            separator = '&';
        }

        return link.Append(separator).Append(Uri.EscapeDataString(TokenParameter)).Append('=').Append(Encode(list, after)).ToString();
    }

    private static int? Top(string? text) => text is null
        ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int top) && top > 0
            ? top
            : throw new ArmException(400, "InvalidTop", $"$top is the number of rows on a page, 1 or more; it is '{text}'.", TopParameter);

    private static string Encode(string list, string after) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{list}\n{after}"));

    private static string Decode(string token, string list)
    {
        try
        {
            string text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Base64Url.DecodeFromChars(token));
            if (text.StartsWith(list + "\n", StringComparison.OrdinalIgnoreCase))
                return text[(list.Length + 1)..];
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException)
        {
            // Not one of ours.
        }

        throw Refused();
    }

    /// <summary>The refusal of a continuation token.</summary>
    public static ArmException Refused() =>
        new(400, "InvalidSkipToken", "The continuation token is none of this list: follow the nextLink of an answer as it is, or begin anew without one.", TokenParameter);

    private static bool Is(string name, string parameter) => name.Equals(parameter, StringComparison.OrdinalIgnoreCase);
}
