using Carrel.Instances.Specs.Updates;
using Carrel.Instances.Specs.Validation;

namespace Carrel.Instances.Specs;

/// <summary>
/// PUT on an existing instance (contract 1.6). A PUT of what a GET gave must succeed for every client although readers lose parts of it, so
/// everything is compared by meaning and only over what was sent.
/// </summary>
public static class UpdateRules
{
    /// <summary>Decides; pure. In CreateFailed the body is a creation instead: use <see cref="ComputeInstanceValidator"/>.</summary>
    public static UpdateDecision Decide(ComputeInstanceModel stored, ComputeInstanceSpec sent, ValidationContext context)
    {
        var findings = new List<Finding>();
        var conflicts = FixedProperties.Conflicts(stored, sent, findings);
        var model = Apply(stored, sent, context, findings);
        var notApplied = NotAppliedProperties.Names(stored, sent, context);
        if (conflicts.Count > 0 || findings.Count > 0)
        {
            return new UpdateDecision(null, false, conflicts, findings, notApplied);
        }

        model = WithoutForeignSso(stored, model, context);
        var changed = !ModelJson.Same(stored, model);
        return new UpdateDecision(changed ? model : stored, changed, [], [], notApplied);
    }

    private static ComputeInstanceModel Apply(
        ComputeInstanceModel stored, ComputeInstanceSpec sent, ValidationContext context, List<Finding> findings)
    {
        var idle = ComputeInstanceValidator.CheckIdle(sent.IdleTimeBeforeShutdown, findings);
        return stored with
        {
            Tags = sent.Tags ?? new Dictionary<string, string>(),
            Description = sent.Description,
            Sku = sent.Sku ?? stored.Sku,
            MlflowAutologger = ComputeInstanceValidator.CheckAutologger(sent.MlflowAutologger, findings),
            Identity = Identity(stored.Identity, sent.Identity, context, findings),
            IdleMinutes = sent.IdleTimeBeforeShutdown is null ? stored.IdleMinutes : idle,
            Schedules = sent.Schedules is null ? stored.Schedules : ScheduleUpdate.Apply(stored.Schedules, sent.Schedules, context, findings),
            CustomServices = sent.CustomServices is null
                ? stored.CustomServices
                : CustomServiceUpdate.Apply(
                    stored.CustomServices,
                    sent.CustomServices,
                    ComputeInstanceValidator.IsPrivate(stored.EnableNodePublicIp, context),
                    findings),
        };
    }

    /// <summary>A service that somebody else brings must not run with the owner's credential (contract 9.2).</summary>
    internal static ComputeInstanceModel WithoutForeignSso(ComputeInstanceModel stored, ComputeInstanceModel model, ValidationContext context)
    {
        var owner = context.Owner ?? stored.AssignedUser?.ObjectId;
        var brought = model.CustomServices.Any(service => stored.CustomServices.All(known => known.Document != service.Document));
        return brought && owner is not null && owner != context.Caller ? model with { EnableSso = false } : model;
    }

    /// <summary>Absent keeps, None removes; a map that was not sent keeps the identities of a type that still names them.</summary>
    private static IdentityModel? Identity(IdentityModel? stored, IdentitySpec? sent, ValidationContext context, List<Finding> findings)
    {
        if (sent is null)
        {
            return stored;
        }

        var keepsMap = sent.UserAssigned is null && stored is { UserAssigned.Count: > 0 } && IdentityValidator.ReadType(sent.Type) is (_, true);
        var asked = IdentityValidator.Validate(keepsMap ? sent with { UserAssigned = stored!.UserAssigned } : sent, context, findings);

        // The order and the spelling of ids are no change.
        return asked is not null && stored is not null && asked.SystemAssigned == stored.SystemAssigned
            && asked.UserAssigned.Count == stored.UserAssigned.Count
            && !asked.UserAssigned.Except(stored.UserAssigned, StringComparer.OrdinalIgnoreCase).Any()
                ? stored
                : asked;
    }
}
