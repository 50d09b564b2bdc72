using System.Text.Json;
using Carrel.Instances.Resources;
using Carrel.Instances.Specs.Reading;

namespace Carrel.Instances.Specs;

/// <summary>What reading a body gave: a spec, or everything that is wrong with its shape.</summary>
/// <param name="Spec">The spec, or null when there are findings.</param>
/// <param name="Findings">What is wrong; empty when there is a spec.</param>
public sealed record SpecReading(ComputeInstanceSpec? Spec, IReadOnlyList<Finding> Findings);

/// <summary>Reads the body of a PUT (contract 1.1, 1.2): names in any case, unknown and read-only members ignored, null as absent.</summary>
public static class ComputeInstanceSpecReader
{
    private static readonly string[] InnerNames =
    [
        "vmSize", "subnet", "applicationSharingPolicy", "sshSettings", "computeInstanceAuthorizationType", "personalComputeInstanceSettings",
        "setupScripts", "schedules", "idleTimeBeforeShutdown", "enableNodePublicIp", "enableSSO", "enableRootAccess", "enableOSPatching",
        "releaseQuotaOnStop", "customServices", "autologgerSettings", "provisionStopped",
    ];

    /// <summary>Reads a body; never throws, whatever JSON it is.</summary>
    public static SpecReading Read(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            return Refused(new Finding(FindingCodes.InvalidRequestBody, "The body must be a JSON object.", ""));
        }

        if (!UnicodeCheck.IsClean(body))
        {
            return Refused(new Finding(
                FindingCodes.InvalidRequestBody, "The body holds an escaped half of a surrogate pair; send valid Unicode text.", ""));
        }

        var findings = new List<Finding>();
        var spec = ReadTop(new MemberReader(body, "", findings));
        if (TagRules.Check(spec.Tags) is { } wrongTags)
        {
            findings.Add(wrongTags);
        }

        return findings.Count == 0 ? new SpecReading(spec, []) : new SpecReading(null, findings);
    }

    private static SpecReading Refused(Finding finding) => new(null, [finding]);

    private static ComputeInstanceSpec ReadTop(MemberReader top)
    {
        var outer = top.Object("properties");
        var spec = new ComputeInstanceSpec
        {
            Location = top.Text("location"),
            Tags = top.TextMap("tags"),
            Identity = ReadIdentity(top.Object("identity")),
            Sku = top.Object("sku") is { } sku ? new SkuModel(sku.Text("name"), sku.Text("tier")) : null,
            ComputeType = outer?.Text("computeType"),
            ComputeLocation = outer?.Text("computeLocation"),
            Description = outer?.Text("description"),
            DisableLocalAuth = outer?.Flag("disableLocalAuth"),
            Misplaced = outer is null ? [] : [.. InnerNames.Intersect(outer.Names, StringComparer.OrdinalIgnoreCase)],
        };
        return outer?.Object("properties") is { } inner ? ReadInner(spec, inner) : spec;
    }

    private static ComputeInstanceSpec ReadInner(ComputeInstanceSpec spec, MemberReader inner)
    {
        var ssh = inner.Object("sshSettings");
        var scripts = inner.Object("setupScripts")?.Object("scripts");
        var user = inner.Object("personalComputeInstanceSettings")?.Object("assignedUser");
        return spec with
        {
            VmSize = inner.Text("vmSize"),
            SubnetId = inner.Object("subnet")?.Text("id"),
            ApplicationSharingPolicy = inner.Text("applicationSharingPolicy"),
            SshPublicAccess = ssh?.Text("sshPublicAccess"),
            AdminPublicKey = ssh?.Text("adminPublicKey"),
            AuthorizationType = inner.Text("computeInstanceAuthorizationType"),
            AssignedUser = user is null ? null : new AssignedUserSpec(user.Text("objectId"), user.Text("tenantId")),
            CreationScript = ReadScript(scripts?.Object("creationScript")),
            StartupScript = ReadScript(scripts?.Object("startupScript")),
            Schedules = ScheduleReader.Read(inner.Object("schedules")),
            IdleTimeBeforeShutdown = inner.Text("idleTimeBeforeShutdown"),
            EnableNodePublicIp = inner.Flag("enableNodePublicIp"),
            EnableSso = inner.Flag("enableSSO"),
            EnableRootAccess = inner.Flag("enableRootAccess"),
            EnableOsPatching = inner.Flag("enableOSPatching"),
            ReleaseQuotaOnStop = inner.Flag("releaseQuotaOnStop"),
            ProvisionStopped = inner.Flag("provisionStopped"),
            CustomServices = inner.Objects("customServices", refusesNull: true)?.ConvertAll(CustomServiceReader.Read),
            MlflowAutologger = inner.Object("autologgerSettings")?.Text("mlflowAutologger"),
        };
    }

    private static IdentitySpec? ReadIdentity(MemberReader? identity)
    {
        if (identity is null)
        {
            return null;
        }

        var type = identity.Text("type");
        var map = identity.Object("userAssignedIdentities");
        return type is null && map is null ? null : new IdentitySpec(type, map is null ? null : [.. map.Names]) { Removed = [.. map?.NullNames ?? []] };
    }

    private static SetupScriptSpec? ReadScript(MemberReader? script) =>
        script is null
            ? null
            : new SetupScriptSpec(
                script.Text("scriptSource"), script.Text("scriptData"), script.Text("scriptArguments"), script.Text("timeout"));
}
