namespace Carrel.Instances.Specs.Validation;

/// <summary>Reads enum words in any case. <c>Enum.TryParse</c> would also take numbers and comma lists.</summary>
internal static class EnumWord
{
    public static T? Read<T>(string? text) where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (string.Equals(value.ToString(), text, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        return null;
    }

    public static string List<T>() where T : struct, Enum => string.Join(", ", Enum.GetNames<T>());

    public static bool Same(string? left, string? right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
