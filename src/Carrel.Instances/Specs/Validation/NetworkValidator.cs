using System.Text.RegularExpressions;

namespace Carrel.Instances.Specs.Validation;

/// <summary>Subnet and public address (contract 14).</summary>
internal static partial class NetworkValidator
{
    public static string? Subnet(string? id, ValidationContext context, List<Finding> findings)
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
        else if (context.SubnetLocation(id) is { } location && location != context.Location)
        {
            findings.Add(new Finding(
                FindingCodes.InvalidSubnet,
                $"The subnet lies in '{location}', where instances use it, and this workspace in '{context.Location}'. Name another subnet, or use a workspace in '{location}'.",
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

    // The words in any case, the names as Azure allows them: a letter or digit first, a letter, digit or underscore last.
    [GeneratedRegex(
        @"\A(?i:/subscriptions/)[A-Za-z0-9-]{1,64}(?i:/resourceGroups/)[\p{L}\p{Nd}_().-]{1,90}(?i:/providers/Microsoft\.Network/virtualNetworks/)" +
        @"[A-Za-z0-9]([A-Za-z0-9_.-]{0,62}[A-Za-z0-9_])?(?i:/subnets/)[A-Za-z0-9]([A-Za-z0-9_.-]{0,78}[A-Za-z0-9_])?\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex SubnetId();
}
