using System.Text.Json;

namespace Carrel.Instances.Specs.Reading;

/// <summary>
/// Finds text that JSON allows and that is no Unicode: an escaped half of a surrogate pair. Reading such a text throws, so it is looked for
/// once, before anything else reads the body.
/// </summary>
internal static class UnicodeCheck
{
    public static bool IsClean(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => CanRead(element.GetString),
        JsonValueKind.Array => element.EnumerateArray().All(IsClean),
        JsonValueKind.Object => element.EnumerateObject().All(member => CanRead(() => member.Name) && IsClean(member.Value)),
        _ => true,
    };

    private static bool CanRead(Func<string?> read)
    {
        try
        {
            read();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
