namespace Carrel.Instances.Specs.Validation;

/// <summary>JSON paths of findings.</summary>
internal static class Paths
{
    public const string Inner = "properties.properties.";
    public const string ComputeType = "properties.computeType";
    public const string Identity = "identity";
    public const string VmSize = Inner + "vmSize";
    public const string Subnet = Inner + "subnet.id";
    public const string SshAccess = Inner + "sshSettings.sshPublicAccess";
    public const string SshKey = Inner + "sshSettings.adminPublicKey";
    public const string DisableLocalAuth = "properties.disableLocalAuth";
    public const string AuthorizationType = Inner + "computeInstanceAuthorizationType";
    public const string PersonalSettings = Inner + "personalComputeInstanceSettings";
    public const string Scripts = Inner + "setupScripts.scripts.";
    public const string Schedules = Inner + "schedules.computeStartStop";
    public const string IdleTime = Inner + "idleTimeBeforeShutdown";
    public const string NodePublicIp = Inner + "enableNodePublicIp";
    public const string RootAccess = Inner + "enableRootAccess";
    public const string OsPatching = Inner + "enableOSPatching";
    public const string ReleaseQuota = Inner + "releaseQuotaOnStop";
    public const string ProvisionStopped = Inner + "provisionStopped";
    public const string CustomServices = Inner + "customServices";
    public const string Autologger = Inner + "autologgerSettings.mlflowAutologger";
    public const string SharingPolicy = Inner + "applicationSharingPolicy";
}
