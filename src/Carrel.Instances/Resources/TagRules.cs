using Carrel.Instances.Specs;

namespace Carrel.Instances.Resources;

/// <summary>How many tags a resource may have and how long they may be: Azure Resource Manager's limits.</summary>
public static class TagRules
{
    private const int MostTags = 50;
    private const int LongestName = 512;
    private const int LongestValue = 256;

    /// <summary>What is wrong with the tags, or null.</summary>
    /// <param name="tags">Tags as sent; null for none.</param>
    public static Finding? Check(IReadOnlyDictionary<string, string>? tags)
    {
        if (tags is null)
            return null;
        if (tags.Count > MostTags)
            return Wrong($"A resource has at most {MostTags} tags; these are {tags.Count}.", "tags");
        foreach ((string name, string value) in tags)
        {
            if (name.Length is 0 or > LongestName)
                return Wrong($"The name of a tag has 1 to {LongestName} characters; one has {name.Length}.", "tags");
            if (value.Length > LongestValue)
                return Wrong($"The value of a tag has at most {LongestValue} characters; that of '{name}' has {value.Length}.", "tags." + name);
        }

        return null;
    }

    private static Finding Wrong(string message, string target) => new(FindingCodes.InvalidRequestBody, message, target);
}
