using Carrel.Arm.Errors;
using Microsoft.AspNetCore.Http;

namespace Carrel.Arm.Conditions;

/// <summary>The conditions of a request (RFC 9110, 13): <c>If-Match</c> first, then <c>If-None-Match</c>. Pure.</summary>
public sealed class ConditionalHeaders
{
    private readonly EntityTagList? _match;
    private readonly EntityTagList? _noneMatch;

    private ConditionalHeaders(EntityTagList? match, EntityTagList? noneMatch) => (_match, _noneMatch) = (match, noneMatch);

    /// <summary>Reads both headers; lines of the same header are one list.</summary>
    /// <exception cref="ArmException">400 <c>InvalidHeaderValue</c>.</exception>
    public static ConditionalHeaders Read(IHeaderDictionary headers) => new(List(headers, "If-Match"), List(headers, "If-None-Match"));

    /// <summary>Why a change must not happen, or null when it may.</summary>
    /// <param name="current">Entity tag of what is there now, quoted; null when nothing is.</param>
    public string? Refusal(string? current)
    {
        string now = current is null ? "it does not exist" : $"its etag is {current}";
        if (_match is not null && (current is null || !_match.MatchesStrongly(current)))
            return $"The condition of If-Match is not met: {now}. Read it again and decide anew.";
        if (_noneMatch is not null && current is not null && _noneMatch.MatchesWeakly(current))
            return $"The condition of If-None-Match is not met: {now}. It exists already.";
        return null;
    }

    /// <summary>Whether a reader has this version already: the answer is 304.</summary>
    public bool IsKnown(string current) => _noneMatch?.MatchesWeakly(current) == true;

    /// <summary>Whether a reader asks for another version than there is: the answer is 412.</summary>
    public bool AsksForAnother(string current) => _match is not null && !_match.MatchesStrongly(current);

    private static EntityTagList? List(IHeaderDictionary headers, string name) =>
        headers.TryGetValue(name, out var lines) ? EntityTagList.Parse(name, string.Join(",", lines.ToArray())) : null;
}
