using System.Globalization;
using Carrel.Arm.Errors;
using Carrel.Arm.Identity;
using Carrel.Arm.Paging;
using Carrel.Arm.Pipeline;
using Carrel.Engine.Events;
using Carrel.Engine.Storage;
using NodaTime;

namespace Carrel.Api.History;

/// <summary>
/// Who did what, and how it ended: Azure's own activity log (ActivityLogs_List), newest first. It survives the deletion of its targets. Who may
/// read events at a scope sees all of it; everybody else sees what happened to that which they may read.
/// </summary>
public sealed class ActivityLogApi(IEngineStore store, IArmAuthorizer authorizer, ApiOptions options)
{
    private const string List = "events";

    /// <summary>The route table. No action: the log holds what the caller may read, and its address lies at the subscription.</summary>
    public IEnumerable<ArmOperation> Operations =>
    [
        ArmOperation.Open("ActivityLogs_List", "GET", Patterns.Subscription + "/providers/Microsoft.Insights/eventtypes/management/values", "it shows what the caller may read, and its address lies at the subscription", ActivityLogs_List),
    ];

    private async Task<ArmResult> ActivityLogs_List(ArmRequest request)
    {
        ActivityLogFilter filter = ActivityLogFilter.Read(request.Query("$filter"));
        string subscription = $"/subscriptions/{request.Route("subscriptionId")}";
        string scope = Scope(filter, subscription);
        bool sees = await MaySeeAllAsync(request, filter, scope);
        var seen = new Dictionary<string, bool>(StringComparer.OrdinalIgnoreCase);
        Page<StoredEvent> page = await Pages.FillAsync(
            PageRequest.Read(request, List),
            (after, limit) => store.ReadAsync(view => view.ListEvents(Query(filter, scope, after, limit)), request.Cancellation),
            Position,
            async stored => filter.Holds(stored) && (sees || await MaySeeAsync(request, stored.Event.Target, seen)));
        HashSet<string> select = new(
            (request.Query("$select") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), StringComparer.OrdinalIgnoreCase);
        return page.Answer(request, List, stored => EventBody.Select(EventBody.Write(stored, options.TenantId), select));
    }

    // A resource of another subscription is none of this address.
    private static string Scope(ActivityLogFilter filter, string subscription)
    {
        if (filter.Resource is not { } resource)
            return filter.Group is { } group ? $"{subscription}/resourceGroups/{group}" : subscription;
        string trimmed = "/" + resource.Trim('/');
        return trimmed.Equals(subscription, StringComparison.OrdinalIgnoreCase) || trimmed.StartsWith(subscription + "/", StringComparison.OrdinalIgnoreCase)
            ? trimmed
            : throw new ArmException(400, "InvalidFilter", $"The resource '{resource}' does not lie in the subscription of the address.", "$filter");
    }

    private static EventQuery Query(ActivityLogFilter filter, string scope, string? after, int limit) => new(scope, filter.Since, filter.Until, limit)
    {
        Target = filter.Resource is null ? null : scope,
        CorrelationId = filter.CorrelationId,
        Before = after is null ? null : Parse(after),
    };

    private async Task<bool> MaySeeAllAsync(ArmRequest request, ActivityLogFilter filter, string scope)
    {
        if (await MayAsync(request, Actions.ActivityLogRead, scope))
            return true;
        if (filter.Resource is null)
            return false;
        // Asked about one resource that the caller may not read, whether or not it exists: the same refusal as a GET of it.
        if (await MayAsync(request, EventTarget.Of(scope).ReadAction, scope))
            return true;
        throw AuthorizationErrors.Failed(request.Caller, Actions.ActivityLogRead, scope);
    }

    private async ValueTask<bool> MaySeeAsync(ArmRequest request, string target, Dictionary<string, bool> seen)
    {
        if (!seen.TryGetValue(target, out bool may))
            seen[target] = may = await MayAsync(request, EventTarget.Of(target).ReadAction, target);
        return may;
    }

    private async ValueTask<bool> MayAsync(ArmRequest request, string action, string scope) =>
        (await authorizer.AuthorizeAsync(request.Caller, action, scope, request.Cancellation)).Allowed;

    private static string Position(StoredEvent stored) =>
        string.Create(CultureInfo.InvariantCulture, $"{stored.Event.At.ToUnixTimeTicks()}.{stored.Sequence}");

    private static EventPosition Parse(string position) =>
        position.Split('.') is [var ticks, var sequence]
        && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out long at)
        && at <= Instant.MaxValue.ToUnixTimeTicks()
        && long.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? new EventPosition(Instant.FromUnixTimeTicks(at), number)
            : throw PageRequest.Refused();
}
