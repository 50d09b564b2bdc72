namespace Carrel.Instances.Specs;

/// <summary>One thing that is wrong with what was asked; a request is answered with all of them (contract 1.7).</summary>
/// <param name="Code">A word for programs, such as <c>InvalidIdleTime</c>.</param>
/// <param name="Message">A sentence for people that says what to change.</param>
/// <param name="Target">JSON path in the request body, such as <c>properties.properties.vmSize</c>.</param>
public sealed record Finding(string Code, string Message, string Target);

/// <summary>The codes of findings (contract 1.7, 9, 14).</summary>
public static class FindingCodes
{
    /// <summary>A required member is missing, a JSON type or a word is wrong.</summary>
    public const string InvalidRequestBody = "InvalidRequestBody";

    /// <summary>The VM size is not known.</summary>
    public const string InvalidVmSize = "InvalidVmSize";

    /// <summary>The VM size is known and cannot be an instance.</summary>
    public const string VmSizeNotSupported = "VmSizeNotSupported";

    /// <summary>A schedule is wrong.</summary>
    public const string InvalidSchedule = "InvalidSchedule";

    /// <summary>More than four schedules.</summary>
    public const string TooManySchedules = "TooManySchedules";

    /// <summary>The idle time is no duration of 15 minutes to 3 days.</summary>
    public const string InvalidIdleTime = "InvalidIdleTime";

    /// <summary>A setup script is wrong.</summary>
    public const string InvalidSetupScript = "InvalidSetupScript";

    /// <summary>A custom service is wrong.</summary>
    public const string InvalidCustomService = "InvalidCustomService";

    /// <summary>The SSH settings or the key are wrong.</summary>
    public const string InvalidSshSettings = "InvalidSshSettings";

    /// <summary>The assigned user is wrong.</summary>
    public const string InvalidAssignedUser = "InvalidAssignedUser";

    /// <summary>A user-assigned identity is named wrongly.</summary>
    public const string InvalidIdentityId = "InvalidIdentityId";

    /// <summary>The subnet id is none.</summary>
    public const string InvalidSubnet = "InvalidSubnet";

    /// <summary>No public address without private link, managed network or subnet.</summary>
    public const string NoPublicIpRequiresPrivateLink = "NoPublicIpRequiresPrivateLink";

    /// <summary>The workspace's storage refuses keys, which creation needs (contract 14).</summary>
    public const string StorageKeyAccessDisabled = "StorageKeyAccessDisabled";

    /// <summary>A data mount is wrong.</summary>
    public const string InvalidDataMount = "InvalidDataMount";

    /// <summary>The size of an instance cannot change.</summary>
    public const string VmSizeImmutable = "ComputeInstanceVmSizeImmutable";

    /// <summary>Single sign-on of an instance made for somebody else is not its creator's to switch; answered with 403.</summary>
    public const string SsoNotAllowedForCreator = "SsoNotAllowedForCreator";

    /// <summary>The call is the owner's alone; answered with 403.</summary>
    public const string NotTheOwner = "ComputeInstanceAccessDenied";

    /// <summary>A snooze is not by 15, 30, 60 or 120 minutes.</summary>
    public const string InvalidSnooze = "InvalidSnooze";

    /// <summary>A stop was put off by four hours already; answered with 409.</summary>
    public const string SnoozeLimitReached = "SnoozeLimitReached";

    /// <summary>A snoozed stop would come after the next scheduled start; answered with 409.</summary>
    public const string SnoozeReachesNextStart = "SnoozeReachesNextStart";

    /// <summary>The announced stop is over, or was dismissed; answered with 409.</summary>
    public const string NoticeNotPending = "NoticeNotPending";

    /// <summary>An update would change what is fixed at creation; answered with 409.</summary>
    public const string ImmutableProperty = "ComputeInstanceImmutableProperty";
}
