using System.Text.Json;
using Carrel.Engine.Events;
using Carrel.Engine.Idle;
using Carrel.Engine.Notices;
using Carrel.Engine.Storage;
using Carrel.Instances.Idle;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Notices;
using Carrel.Instances.Resources;
using Carrel.Instances.Specs;
using NodaTime;

namespace Carrel.Engine.Commands;

/// <summary>
/// <c>keepAwake</c>: until an instant the instance does not count as idle, whatever goes on in it. Schedules and calls still stop it. It outlives a stop
/// and changes no setting.
/// </summary>
public sealed class KeepAwakeCommands(IEngineStore store, ActivityClock clock)
{
    private const string Action = "Microsoft.MachineLearningServices/workspaces/computes/keepAwake/action";

    private static readonly int MostMinutes = (int)ActivityReading.LongestKeepAwake.TotalMinutes;

    /// <summary>Keeps it awake from now for so many minutes; 0 ends that.</summary>
    /// <param name="address">The instance.</param>
    /// <param name="body">The request's JSON object, <c>{"minutes":n}</c>, 0 to 10080.</param>
    /// <param name="context">Who asks.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Until when, or null when it was ended.</returns>
    /// <exception cref="RefusedException">No such instance, it is being deleted, or a bad body.</exception>
    public Task<Instant?> KeepAwakeAsync(InstanceAddress address, JsonElement body, CommandContext context, CancellationToken cancellation) => store.WriteAsync(
        transaction =>
        {
            ComputeInstance instance = InstanceCommands.Require(transaction, address);
            int minutes = Minutes(body);
            if (instance.State.State == InstanceState.Deleting)
                throw new RefusedException(RefusalKind.Conflict, "ComputeOperationConflict", "The compute instance is being deleted: it cannot be kept awake.", instance.Address.ResourceId);
            Instant? until = minutes == 0 ? null : clock.Now + Duration.FromMinutes(minutes);
            transaction.SaveIdle(instance.Uid, transaction.FindIdle(instance.Uid) with { KeepAwakeUntil = until, KeepAwakeBy = until is null ? null : context.Caller.Name });
            if (until is not null)
                IdleClocks.TakeBack(transaction, instance.Uid, $"It is kept awake by {context.Caller.Name}.");
            transaction.Append(Happened(instance, until, context));
            return until;
        },
        cancellation);

    private ActivityEvent Happened(ComputeInstance instance, Instant? until, CommandContext context) => new(
        clock.Now,
        context.Caller,
        Action,
        instance.Address.ResourceId,
        "Succeeded",
        nameof(OperationTrigger.User),
        until is { } at ? $"Kept awake until {at}." : "No longer kept awake.",
        context.RequestId,
        context.CorrelationId) { ClientRequestId = context.ClientRequestId, UserAgent = context.UserAgent };

    private static int Minutes(JsonElement body)
    {
        foreach (JsonProperty member in body.EnumerateObject())
        {
            if (member.Name.Equals("minutes", StringComparison.OrdinalIgnoreCase) && member.Value.ValueKind == JsonValueKind.Number
                && member.Value.TryGetInt32(out int minutes) && minutes >= 0 && minutes <= MostMinutes)
                return minutes;
        }

        throw new RefusedException(
            RefusalKind.Invalid, FindingCodes.InvalidRequestBody, $"The body needs 'minutes', a whole number from 0 to {MostMinutes} (7 days); 0 ends it.", "minutes");
    }
}
