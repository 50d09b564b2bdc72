using Carrel.Arm.Paging;
using Carrel.Arm.Pipeline;

namespace Carrel.Api.Authorization;

/// <summary>Pages of lists that are small enough to be made whole.</summary>
internal static class RolePages
{
    /// <summary>One page of rows that are in the order of their ids.</summary>
    internal static Task<Page<T>> FillAsync<T>(ArmRequest request, string list, IReadOnlyList<T> rows, Func<T, Guid> id) => Pages.FillAsync(
        PageRequest.Read(request, list),
        (after, limit) => Task.FromResult<IReadOnlyList<T>>([.. rows.SkipWhile(row => after is not null && id(row).CompareTo(Position(after)) <= 0).Take(limit)]),
        row => id(row).ToString("D"));

    private static Guid Position(string after) => Guid.TryParseExact(after, "D", out Guid position) ? position : throw PageRequest.Refused();
}
