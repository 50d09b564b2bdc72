using System.Text.RegularExpressions;

namespace Carrel.Instances.Specs.Validation;

/// <summary>Subnet and public address (contract 14).</summary>
internal static partial class NetworkValidator
{
    public static string? Subnet(string? id, List<Finding> findings)
    {
        if (string.IsNullOrEmpty(id))
        {
            return null;
        }

        if (!SubnetId().IsMatch(id))
        {
            findings.Add(new Finding(
                FindingCodes.InvalidSubnet,
                "'subnet.id' must be a full subnet id: /subscriptions/{s}/resourceGroups/{g}/providers/Microsoft.Network/virtualNetworks/{v}/subnets/{s}.",
                Paths.Subnet));
        }

        return id;
    }

    public static void PublicIp(ComputeInstanceSpec spec, ValidationContext context, List<Finding> findings)
    {
        var workspace = context.Workspace;
        if (spec.EnableNodePublicIp == false && string.IsNullOrEmpty(spec.SubnetId) && !workspace.PrivateLink && !workspace.ManagedNetwork)
        {
            findings.Add(new Finding(
                FindingCodes.NoPublicIpRequiresPrivateLink,
                "'enableNodePublicIp' false needs a private-link workspace, a managed network or a subnet.",
                Paths.NodePublicIp));
        }
    }

    [GeneratedRegex(
        @"\A/subscriptions/[^/\s]+/resourceGroups/[^/\s]+/providers/Microsoft\.Network/virtualNetworks/[\w.-]{1,80}/subnets/[\w.-]{1,80}\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SubnetId();
}
