using Carrel.Instances.Specs.Validation;

namespace Carrel.Instances.Specs.Updates;

/// <summary>The group that is compared: fixed at creation, present and different is a conflict (contract 1.6).</summary>
internal static class FixedProperties
{
    public static List<Finding> Conflicts(ComputeInstanceModel stored, ComputeInstanceSpec sent, List<Finding> findings)
    {
        var conflicts = new List<Finding>();
        void Fixed(bool same, string target)
        {
            if (!same)
            {
                conflicts.Add(new Finding(
                    FindingCodes.ImmutableProperty,
                    $"'{target}' is fixed at creation and cannot be changed; leave it out, or create another compute instance.",
                    target));
            }
        }

        Fixed(sent.ComputeType is null || EnumWord.Same(sent.ComputeType, "ComputeInstance"), Paths.ComputeType);
        Fixed(sent.VmSize is null || EnumWord.Same(sent.VmSize, stored.VmSize), Paths.VmSize);
        Fixed(string.IsNullOrEmpty(sent.SubnetId) || EnumWord.Same(sent.SubnetId, stored.SubnetId), Paths.Subnet);
        Fixed((ComputeInstanceValidator.CheckSshAccess(sent.SshPublicAccess, findings) ?? stored.SshEnabled) == stored.SshEnabled, Paths.SshAccess);
        Fixed(sent.AuthorizationType is null || EnumWord.Same(sent.AuthorizationType, "personal"), Paths.AuthorizationType);
        Fixed(IsSame(stored.AssignedUser, sent.AssignedUser), Paths.PersonalSettings);
        Fixed((sent.EnableNodePublicIp ?? stored.EnableNodePublicIp) == stored.EnableNodePublicIp, Paths.NodePublicIp);
        Fixed((sent.EnableRootAccess ?? stored.EnableRootAccess) == stored.EnableRootAccess, Paths.RootAccess);
        Fixed((sent.EnableOsPatching ?? stored.EnableOsPatching) == stored.EnableOsPatching, Paths.OsPatching);
        Fixed((sent.ReleaseQuotaOnStop ?? stored.ReleaseQuotaOnStop) == stored.ReleaseQuotaOnStop, Paths.ReleaseQuota);
        return conflicts;
    }

    private static bool IsSame(AssignedUser? stored, AssignedUserSpec? sent) =>
        sent is null or { ObjectId: null, TenantId: null }
        || (stored is not null && IsSame(stored.ObjectId, sent.ObjectId) && IsSame(stored.TenantId, sent.TenantId));

    private static bool IsSame(Guid stored, string? sent) => sent is null || (Guid.TryParse(sent, out var id) && id == stored);
}
