namespace Carrel.Instances.Sizes;

/// <summary>One VM size (contract 10.4).</summary>
/// <param name="Name">Name in its published spelling, such as <c>Standard_DS3_v2</c>.</param>
/// <param name="Family">Family whose quota it draws on.</param>
/// <param name="VCpus">Virtual processors.</param>
/// <param name="Gpus">Graphics processors.</param>
/// <param name="MemoryGB">Memory in units of 1024^3 bytes.</param>
/// <param name="MaxResourceVolumeMB">Temporary disk in units of 1024^2 bytes.</param>
/// <param name="SupportsInstance">Whether a compute instance can have it.</param>
public sealed record VmSize(
    string Name, string Family, int VCpus, int Gpus, double MemoryGB, long MaxResourceVolumeMB, bool SupportsInstance)
{
    /// <summary>Memory in bytes.</summary>
    public long MemoryBytes => (long)(MemoryGB * 1024 * 1024 * 1024);

    /// <summary>Temporary disk in bytes.</summary>
    public long TemporaryDiskBytes => MaxResourceVolumeMB * 1024 * 1024;
}

/// <summary>One VM family and its default limits (contract 10.1).</summary>
/// <param name="Name">Name, such as <c>standardDSv2Family</c>.</param>
/// <param name="DedicatedUsageName">Text of its usage row for dedicated cores.</param>
/// <param name="LowPriorityUsageName">Text of its usage row for low-priority cores.</param>
/// <param name="DefaultDedicatedLimit">Dedicated cores a subscription has per region unless configured.</param>
/// <param name="DefaultLowPriorityLimit">The same for low-priority cores; -1 means no limit of its own.</param>
public sealed record VmFamily(
    string Name, string DedicatedUsageName, string LowPriorityUsageName, int DefaultDedicatedLimit, int DefaultLowPriorityLimit);
