using System.Text;
using System.Text.Json;

namespace Carrel.Fuzz.Tests.Mutation;

/// <summary>
/// Changes a JSON text knowing its structure: most results are JSON still, with another value, a member too many, too few, twice or under
/// another name. Some are then damaged as text and as bytes.
/// </summary>
internal static class JsonMutation
{
    /// <summary>The mutated bytes, a character each.</summary>
    internal static string Mutate(string json, Random random)
    {
        string mutated = json;
        if (json.Length > 0)
        {
            using JsonDocument document = JsonDocument.Parse(json);
            int values = Count(document.RootElement);
            HashSet<int> targets = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(values))];
            var writer = new Writer(random, targets);
            writer.Write(document.RootElement);
            mutated = writer.Text.ToString();
        }

        return Latin1(random.Next(6) == 0 ? Damage(mutated, random) : mutated, random);
    }

    private static int Count(JsonElement element) => 1 + element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().Sum(member => Count(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().Sum(Count),
        _ => 0,
    };

    private static string Damage(string text, Random random)
    {
        int at = random.Next(text.Length + 1);
        return random.Next(6) switch
        {
            0 => text[..at],
            1 => text.Insert(at, "\"{}[],:\\u0\n/*"[random.Next(13)].ToString()),
            2 when at < text.Length => text.Remove(at, 1),
            3 => text + text,
            4 => text.Insert(at, "\u00e9\u4e2d\ud83d\ude00"),
            _ => " \t\r\n" + text + "\n",
        };
    }

    // UTF-8 as a rule; sometimes another encoding, a mark in front, or bytes that are none.
    private static string Latin1(string text, Random random)
    {
        string utf8 = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
        return random.Next(40) switch
        {
            0 => Encoding.Latin1.GetString(Encoding.Unicode.GetBytes(text)),
            1 => "\u00ef\u00bb\u00bf" + utf8,
            2 => utf8.Insert(random.Next(utf8.Length + 1), OddValues.Bytes(random, 6)),
            3 => OddValues.Bytes(random, 200),
            _ => utf8,
        };
    }

    private sealed class Writer(Random random, HashSet<int> targets)
    {
        private int _number;

        internal StringBuilder Text { get; } = new();

        internal void Write(JsonElement element)
        {
            bool hit = targets.Contains(_number++);
            if (element.ValueKind == JsonValueKind.Object && (!hit || random.Next(2) == 0))
                WriteObject(element, hit ? random.Next(5) : -1);
            else if (element.ValueKind == JsonValueKind.Array && (!hit || random.Next(2) == 0))
                WriteArray(element, hit);
            else
                Text.Append(hit ? OddValues.JsonValue(random) : element.GetRawText());
        }

        private void WriteObject(JsonElement element, int change)
        {
            JsonProperty[] members = [.. element.EnumerateObject()];
            int victim = members.Length == 0 ? -1 : random.Next(members.Length);
            string separator = "{";
            for (int index = 0; index < members.Length; index++)
            {
                if (change == 0 && index == victim)
                    continue;
                string name = change == 1 && index == victim ? Renamed(members[index].Name) : members[index].Name;
                Text.Append(separator).Append('"').Append(name).Append("\":");
                Write(members[index].Value);
                separator = ",";
                if (change == 2 && index == victim)
                    Text.Append(",\"").Append(random.Next(2) == 0 ? name : name.ToUpperInvariant()).Append("\":").Append(OddValues.JsonValue(random));
            }

            if (change == 3)
                Text.Append(separator).Append('"').Append(OddValues.Text(random)).Append("\":").Append(OddValues.JsonValue(random));
            Text.Append(members.Length == 0 && change != 3 ? "{}" : change == 0 && members.Length == 1 ? "{}" : "}");
        }

        private void WriteArray(JsonElement element, bool hit)
        {
            JsonElement[] items = [.. element.EnumerateArray()];
            int copies = hit ? random.Next(4) switch { 0 => 0, 1 => 2, 2 => 6, _ => 300 } : 1;
            Text.Append('[');
            bool first = true;
            foreach (JsonElement item in Enumerable.Repeat(items, copies).SelectMany(all => all))
            {
                if (!first)
                    Text.Append(',');
                first = false;
                Write(item);
            }

            Text.Append(']');
        }

        private string Renamed(string name) => random.Next(3) switch
        {
            0 => name.ToUpperInvariant(),
            1 => name + " ",
            _ => OddValues.Text(random),
        };
    }
}
