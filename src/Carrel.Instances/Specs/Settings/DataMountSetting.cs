using System.Text.Json;
using Carrel.Instances.Specs.Reading;
using Carrel.Instances.Specs.Validation;

namespace Carrel.Instances.Specs.Settings;

/// <summary>
/// The call <c>updateDataMounts</c> (contract 1.2): each item of a bare list mounts or unmounts one thing by its name, and mounts that no item
/// names stay. Unmounting what is not there is no error, so that the call can be repeated.
/// </summary>
public static class DataMountSetting
{
    private const int MaximumCount = 32;
    private const int LongestName = 64;
    private const int LongestText = 2048;

    /// <summary>Decides; pure.</summary>
    /// <param name="stored">The model so far.</param>
    /// <param name="body">The list.</param>
    /// <param name="createdBy">Sign-in name of the caller.</param>
    public static SettingDecision Decide(ComputeInstanceModel stored, JsonElement body, string createdBy)
    {
        var findings = new List<Finding>();
        var mounts = stored.DataMounts.ToList();
        var named = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var item in SettingBody.Items(body, findings))
        {
            Apply(item, mounts, named, createdBy, findings);
        }

        CheckTogether(mounts, findings);
        return SettingDecision.Of(stored with { DataMounts = mounts }, findings);
    }

    private static void Apply(MemberReader item, List<DataMountModel> mounts, HashSet<string> named, string createdBy, List<Finding> findings)
    {
        var before = findings.Count;
        void Bad(string member, string message) => findings.Add(new Finding(FindingCodes.InvalidDataMount, message, $"{item.Path}.{member}"));
        T? Word<T>(string member, string words, T? absent) where T : struct, Enum
        {
            var text = item.Text(member);
            var word = text is null ? absent : EnumWord.Read<T>(text);
            if (word is null)
            {
                Bad(member, $"'{member}' must be {words}.");
            }

            return word;
        }

        var name = item.Text("mountName");
        if (string.IsNullOrWhiteSpace(name) || name.Length > LongestName || name.Any(char.IsControl) || name.Contains('/', StringComparison.Ordinal))
        {
            Bad("mountName", $"A mount needs a 'mountName' of at most {LongestName} characters, without slashes.");
        }
        else if (!named.Add(name))
        {
            Bad("mountName", "The mount is named twice in this call.");
        }

        var action = Word<DataMountAction>("mountAction", "'Mount' or 'Unmount'", DataMountAction.Mount);
        if (action == DataMountAction.Unmount)
        {
            mounts.RemoveAll(mount => EnumWord.Same(mount.Name, name));
            return;
        }

        var type = Word<DataMountSource>("sourceType", "'Dataset', 'Datastore' or 'URI'", null);
        var mode = Word<DataMountMode>("mountMode", "'ReadOnly' or 'ReadWrite'", DataMountMode.ReadOnly);
        var source = item.Text("source");
        if (string.IsNullOrWhiteSpace(source) || source.Length > LongestText || source.Any(char.IsControl))
        {
            Bad("source", $"A mount needs a 'source' of at most {LongestText} characters.");
        }

        var path = item.Text("mountPath");
        if (path is not null && !IsAbsolute(path))
        {
            Bad("mountPath", "'mountPath' must be an absolute path without '..'.");
        }

        if (findings.Count == before)
        {
            Put(mounts, new DataMountModel(name!, source!, type!.Value, mode!.Value, path, createdBy));
        }
    }

    // The same mount asked for again stays its first creator's.
    private static void Put(List<DataMountModel> mounts, DataMountModel asked)
    {
        var index = mounts.FindIndex(mount => EnumWord.Same(mount.Name, asked.Name));
        if (index < 0)
        {
            mounts.Add(asked);
        }
        else if (mounts[index] with { CreatedBy = asked.CreatedBy } != asked)
        {
            mounts[index] = asked;
        }
    }

    private static void CheckTogether(List<DataMountModel> mounts, List<Finding> findings)
    {
        if (mounts.Count > MaximumCount)
        {
            findings.Add(new Finding(FindingCodes.InvalidDataMount, $"An instance has at most {MaximumCount} data mounts; unmount some.", ""));
        }

        foreach (var twice in mounts.Where(mount => mount.Path is not null).GroupBy(mount => mount.Path).Where(group => group.Count() > 1))
        {
            findings.Add(new Finding(
                FindingCodes.InvalidDataMount,
                $"The mounts {string.Join(" and ", twice.Select(mount => $"'{mount.Name}'"))} have the same 'mountPath'.",
                "mountPath"));
        }
    }

    private static bool IsAbsolute(string path) =>
        path.Length is > 1 and <= LongestText && path[0] == '/' && !path.Any(char.IsControl) && !path.Split('/').Contains("..");
}
