using Carrel.Instances.Idle;
using Carrel.Instances.Specs.Validation;
using Carrel.Instances.Ssh;

namespace Carrel.Instances.Specs;

/// <summary>Makes a model of a spec for a creation, or says everything that is wrong with it (contract 1.2, 1.7, 3, 4.1, 5, 9, 13, 14).</summary>
public static class ComputeInstanceValidator
{
    /// <summary>Validates; pure.</summary>
    public static ModelDecision Validate(ComputeInstanceSpec spec, ValidationContext context)
    {
        var findings = new List<Finding>();
        CheckComputeType(spec, findings);
        CheckStorageKeys(context.Workspace, findings);
        var size = CheckSize(spec, context, findings);
        var subnet = NetworkValidator.Subnet(spec.SubnetId, context, findings);
        NetworkValidator.PublicIp(spec, context, findings);
        var (sshEnabled, key) = CheckSsh(spec, findings);
        CheckWords(spec, findings);
        var user = CheckAssignedUser(spec.AssignedUser, context, findings);
        var creation = SetupScriptValidator.Validate(spec.CreationScript, Paths.Scripts + "creationScript", findings);
        var startup = SetupScriptValidator.Validate(spec.StartupScript, Paths.Scripts + "startupScript", findings);
        var schedules = ScheduleValidator.Validate(spec.Schedules ?? [], context, findings);
        var services = CustomServiceValidator.Validate(spec.CustomServices ?? [], IsPrivate(spec.EnableNodePublicIp ?? true, context), findings);
        var idle = CheckIdle(spec.IdleTimeBeforeShutdown, findings);
        var identity = IdentityValidator.Validate(spec.Identity, context, findings);
        var autologger = CheckAutologger(spec.MlflowAutologger, findings);
        CheckProvisionStopped(spec, schedules, findings);

        var notApplied = NotApplied(spec, context);
        if (findings.Count > 0)
        {
            return new ModelDecision(null, findings, notApplied);
        }

        var model = new ComputeInstanceModel(
            size,
            spec.Description,
            subnet,
            sshEnabled,
            key,
            user,
            spec.EnableNodePublicIp ?? true,
            EnableSso(spec, context, user, creation ?? startup, services),
            spec.EnableRootAccess ?? true,
            spec.EnableOsPatching ?? false,
            spec.ReleaseQuotaOnStop ?? false,
            idle,
            spec.ProvisionStopped ?? false,
            autologger,
            identity,
            spec.Sku,
            creation,
            startup)
        {
            Tags = spec.Tags ?? new Dictionary<string, string>(),
            Schedules = schedules,
            CustomServices = services,
        };
        return new ModelDecision(model, [], notApplied);
    }

    internal static List<string> NotApplied(ComputeInstanceSpec spec, ValidationContext context)
    {
        List<string> names = [.. spec.Misplaced.Select(name => "properties." + name)];
        if (spec.Location is { } location && !SameLocation(location, context.Location))
        {
            names.Insert(0, "location");
        }

        if (spec.ComputeLocation is { } computeLocation && !SameLocation(computeLocation, context.Location))
        {
            names.Add("properties.computeLocation");
        }

        return names;
    }

    internal static bool IsPrivate(bool nodePublicIp, ValidationContext context) => context.Workspace.PrivateLink || !nodePublicIp;

    internal static void CheckComputeType(ComputeInstanceSpec spec, List<Finding> findings)
    {
        if (!EnumWord.Same(spec.ComputeType, "ComputeInstance"))
        {
            findings.Add(new Finding(
                FindingCodes.InvalidRequestBody, "'properties.computeType' must be 'ComputeInstance'.", Paths.ComputeType));
        }
    }

    private static void CheckStorageKeys(WorkspaceFacts workspace, List<Finding> findings)
    {
        if (!workspace.StorageKeys)
        {
            findings.Add(new Finding(
                FindingCodes.StorageKeyAccessDisabled,
                "The workspace's storage refuses access by key ('allowSharedKeyAccess' false), which a compute instance needs. Set it to true on the workspace, or use another workspace.",
                "workspace.properties.allowSharedKeyAccess"));
        }
    }

    internal static int? CheckIdle(string? text, List<Finding> findings, string target = Paths.IdleTime)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        var minutes = IdleTime.Minutes(text);
        if (minutes is null)
        {
            findings.Add(new Finding(
                FindingCodes.InvalidIdleTime,
                $"The idle time '{Shorten(text)}' must be an ISO 8601 duration of days, hours, minutes and seconds between PT15M and P3D, such as PT30M.",
                target));
        }

        return minutes;
    }

    internal static void CheckWords(ComputeInstanceSpec spec, List<Finding> findings)
    {
        if (spec.AuthorizationType is { } type && !EnumWord.Same(type, "personal"))
        {
            findings.Add(new Finding(
                FindingCodes.InvalidRequestBody, "'computeInstanceAuthorizationType' must be 'personal'.", Paths.AuthorizationType));
        }

        if (spec.ApplicationSharingPolicy is { } policy && !EnumWord.Same(policy, "Personal") && !EnumWord.Same(policy, "Shared"))
        {
            findings.Add(new Finding(
                FindingCodes.InvalidRequestBody, "'applicationSharingPolicy' must be 'Personal' or 'Shared'.", Paths.SharingPolicy));
        }
    }

    internal static bool? CheckAutologger(string? word, List<Finding> findings)
    {
        if (word is null)
        {
            return null;
        }

        if (EnumWord.Read<ScheduleStatus>(word) is { } asked)
        {
            return asked == ScheduleStatus.Enabled;
        }

        findings.Add(new Finding(FindingCodes.InvalidRequestBody, "'mlflowAutologger' must be 'Enabled' or 'Disabled'.", Paths.Autologger));
        return null;
    }

    /// <summary>Whether SSH is asked for; null when it was not said. <c>NotSpecified</c> comes from older Python clients.</summary>
    internal static bool? CheckSshAccess(string? word, List<Finding> findings)
    {
        if (word is null || EnumWord.Same(word, "Enabled"))
        {
            return word is null ? null : true;
        }

        if (!EnumWord.Same(word, "Disabled") && !EnumWord.Same(word, "NotSpecified"))
        {
            findings.Add(new Finding(FindingCodes.InvalidSshSettings, "'sshPublicAccess' must be 'Enabled' or 'Disabled'.", Paths.SshAccess));
        }

        return false;
    }

    internal static string Shorten(string text) => text.Length <= 64 ? text : text[..64] + "...";

    private static bool SameLocation(string left, string right) =>
        string.Equals(left.Replace(" ", "", StringComparison.Ordinal), right, StringComparison.OrdinalIgnoreCase);

    private static string CheckSize(ComputeInstanceSpec spec, ValidationContext context, List<Finding> findings)
    {
        if (string.IsNullOrWhiteSpace(spec.VmSize))
        {
            findings.Add(new Finding(
                FindingCodes.InvalidRequestBody,
                "'properties.properties.vmSize' is required, such as 'Standard_DS3_v2'. It belongs into the inner 'properties' object.",
                Paths.VmSize));
            return "";
        }

        if (context.Sizes.Find(spec.VmSize) is not { } size)
        {
            findings.Add(new Finding(
                FindingCodes.InvalidVmSize,
                $"The VM size '{Shorten(spec.VmSize)}' is not known. The vmSizes list of the location names those on offer.",
                Paths.VmSize));
        }
        else if (!size.SupportsInstance)
        {
            findings.Add(new Finding(
                FindingCodes.VmSizeNotSupported, $"The VM size '{size.Name}' cannot be a compute instance here.", Paths.VmSize));
        }

        return spec.VmSize;
    }

    private static (bool Enabled, string? Key) CheckSsh(ComputeInstanceSpec spec, List<Finding> findings)
    {
        var enabled = CheckSshAccess(spec.SshPublicAccess, findings) ?? false;
        if (enabled && spec.DisableLocalAuth == true)
        {
            findings.Add(new Finding(
                FindingCodes.InvalidSshSettings,
                "'disableLocalAuth' true and 'sshPublicAccess' Enabled contradict each other; leave one of them out.",
                Paths.DisableLocalAuth));
        }

        if (string.IsNullOrWhiteSpace(spec.AdminPublicKey))
        {
            return (enabled, null);
        }

        var key = SshPublicKey.Read(spec.AdminPublicKey);
        if (key.Line is null)
        {
            findings.Add(new Finding(FindingCodes.InvalidSshSettings, key.Reason!, Paths.SshKey));
        }

        return (enabled, key.Line);
    }

    private static AssignedUser? CheckAssignedUser(AssignedUserSpec? user, ValidationContext context, List<Finding> findings)
    {
        if (user is null)
        {
            return null;
        }

        if (!Guid.TryParse(user.ObjectId, out var objectId))
        {
            findings.Add(new Finding(
                FindingCodes.InvalidAssignedUser, "The assigned user needs an 'objectId' that is a GUID.", Paths.PersonalSettings + ".assignedUser.objectId"));
        }
        else if (context.AssigneeKind is { } kind)
        {
            findings.Add(new Finding(
                FindingCodes.InvalidAssignedUser,
                $"The assigned user must be a person; this object id is a {kind}'s.",
                Paths.PersonalSettings + ".assignedUser.objectId"));
        }

        if (!Guid.TryParse(user.TenantId, out var tenantId) || tenantId != context.TenantId)
        {
            findings.Add(new Finding(
                FindingCodes.InvalidAssignedUser,
                $"The assigned user needs the workspace's 'tenantId', {context.TenantId}.",
                Paths.PersonalSettings + ".assignedUser.tenantId"));
        }

        return new AssignedUser(objectId, tenantId);
    }

    private static void CheckProvisionStopped(ComputeInstanceSpec spec, IReadOnlyList<ScheduleModel> schedules, List<Finding> findings)
    {
        if (spec.ProvisionStopped == true && !schedules.Any(s => s is { Status: ScheduleStatus.Enabled, Action: ScheduleAction.Start }))
        {
            findings.Add(new Finding(
                FindingCodes.InvalidSchedule, "'provisionStopped' needs at least one enabled Start schedule.", Paths.ProvisionStopped));
        }
    }

    /// <summary>An administrator's script or service must not run with another person's credential (contract 9.2).</summary>
    private static bool EnableSso(
        ComputeInstanceSpec spec, ValidationContext context, AssignedUser? user, SetupScriptModel? script, IReadOnlyList<CustomServiceModel> services)
    {
        var onBehalf = user is not null && user.ObjectId != context.Caller;
        return (spec.EnableSso ?? true) && !(onBehalf && (script is not null || services.Count > 0));
    }
}
