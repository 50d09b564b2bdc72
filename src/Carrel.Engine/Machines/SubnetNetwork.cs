using System.Security.Cryptography;
using System.Text;
using Carrel.Instances.Hosting;

namespace Carrel.Engine.Machines;

/// <summary>
/// The isolated network that stands for a subnet (contract 14). Its id follows from the subnet's, so it needs no record: it is made at its
/// first use, every instance that names the subnet finds it, and it is removed with the last of them. Pure.
/// </summary>
internal static class SubnetNetwork
{
    internal static NetworkSpec Of(string subnetId)
    {
        string id = subnetId.ToLowerInvariant();
        return new NetworkSpec(new Guid(SHA256.HashData(Encoding.UTF8.GetBytes("subnet " + id)).AsSpan(0, 16)), "subnet-" + id[(id.LastIndexOf('/') + 1)..]);
    }
}
