using Carrel.Cli.Errors;

namespace Carrel.Cli.Yaml;

/// <summary>Changes of a document by path, as az has them in <c>--set</c>, <c>--add</c> and <c>--remove</c>. Documents are never changed in place.</summary>
internal static class ItemEdits
{
    private const int NoLine = 0;

    /// <summary>Puts a value at a path; mappings on the way are made.</summary>
    public static YamlMap Set(YamlMap root, ItemPath path, YamlItem value) => (YamlMap)At(root, path, 0, _ => value)!;

    /// <summary>Appends a value to the list at a path; the list is made when there is none.</summary>
    public static YamlMap Add(YamlMap root, ItemPath path, YamlItem value) => (YamlMap)At(root, path, 0, old => old switch
    {
        null or YamlScalar { IsNull: true } => new YamlList([value], NoLine),
        YamlList list => list with { Items = [.. list.Items, value] },
        _ => throw CliException.Usage($"'{path.Text}' is no list: use --set."),
    })!;

    /// <summary>Takes away a key or an element of a list.</summary>
    /// <exception cref="CliException">There is none.</exception>
    public static YamlMap Remove(YamlMap root, ItemPath path) => (YamlMap)At(root, path, 0, old => old is null or YamlScalar { IsNull: true }
        ? throw CliException.Usage($"There is no '{path.Text}' to remove.") : null)!;

    /// <summary>A new item in which what stands at the path is replaced by what <paramref name="change"/> makes of it; null takes it away.</summary>
    private static YamlItem? At(YamlItem? item, ItemPath path, int step, Func<YamlItem?, YamlItem?> change)
    {
        if (step == path.Steps.Count)
            return change(item);
        return path.Steps[step].Key is { } key ? InMap(item, key, path, step, change) : InList(item, path.Steps[step].Index, path, step, change);
    }

    private static YamlMap InMap(YamlItem? item, string key, ItemPath path, int step, Func<YamlItem?, YamlItem?> change)
    {
        var map = item switch
        {
            YamlMap there => there,
            null or YamlScalar { IsNull: true } => new YamlMap([], NoLine),
            _ => throw CliException.Usage($"'{path.Upto(step - 1)}' holds no keys, so there is no '{path.Text}'."),
        };
        var old = map.Entries.FirstOrDefault(entry => entry.Key.Value == key);
        var changed = At(old.Value, path, step + 1, change);
        if (changed is null)
            return map with { Entries = [.. map.Entries.Where(entry => entry.Key.Value != key)] };
        return map with
        {
            Entries = old.Key is null ? [.. map.Entries, new(new YamlScalar(key, true, NoLine), changed)]
                : [.. map.Entries.Select(entry => entry.Key.Value == key ? new(entry.Key, changed) : entry)],
        };
    }

    private static YamlList InList(YamlItem? item, int index, ItemPath path, int step, Func<YamlItem?, YamlItem?> change)
    {
        if (item is not YamlList list)
            throw CliException.Usage($"'{path.Upto(step - 1)}' is no list, so there is no '{path.Text}'.");
        if (index >= list.Items.Count)
            throw CliException.Usage($"'{path.Upto(step - 1)}' has {list.Items.Count} entries, counted from 0, so there is no '{path.Upto(step)}'; --add appends one.");
        var changed = At(list.Items[index], path, step + 1, change);
        return list with { Items = [.. list.Items.Take(index), .. changed is null ? [] : new[] { changed }, .. list.Items.Skip(index + 1)] };
    }
}
