using Carrel.Instances.Resources;
using Carrel.Instances.Specs;

namespace Carrel.Instances.Lifecycle;

/// <summary>Calls that are the owner's alone, whatever roles others have (contract 9.2, 13.1).</summary>
public static class OwnerRule
{
    /// <summary>The calls. Whatever explains access goes through this list too, so that none is forgotten there.</summary>
    public static IReadOnlyList<InstanceCall> OwnersAlone { get; } = [InstanceCall.EnableSso, InstanceCall.UpdateSshKey];

    /// <summary>Why the caller may not, or null. Every other call is decided by roles only.</summary>
    public static Finding? Refusal(InstanceCall call, ComputeInstance instance, Guid caller)
    {
        if (!OwnersAlone.Contains(call) || caller == instance.Owner)
        {
            return null;
        }

        return call == InstanceCall.EnableSso && caller == instance.CreatedBy.ObjectId
            ? new Finding(
                FindingCodes.SsoNotAllowedForCreator,
                "Single sign-on would give your scripts and services another person's credential: only the user the instance is assigned to may switch it.",
                instance.Address.ResourceId)
            : new Finding(
                FindingCodes.NotTheOwner,
                $"The operation {call} is the owner's alone: the person the instance is assigned to, or who created it for themselves.",
                instance.Address.ResourceId);
    }
}
