namespace Carrel.Fuzz.Tests.Mutation;

/// <summary>Changes a url-encoded form: fields dropped, doubled, renamed, with odd values, or no form at all.</summary>
internal static class FormMutation
{
    internal static string Mutate(string form, Random random)
    {
        List<string> fields = [.. form.Split('&')];
        int victim = random.Next(fields.Count);
        string name = fields[victim].Split('=')[0];
        switch (random.Next(9))
        {
            case 0:
                fields.RemoveAt(victim);
                break;
            case 1:
                fields.Add(fields[victim]);
                break;
            case 2:
                fields[victim] = name;
                break;
            case 3:
                fields[victim] = name.ToUpperInvariant() + "=x";
                break;
            case 4:
                fields.AddRange(Enumerable.Repeat("a=b", random.Next(10, 2000)));
                break;
            case 5:
                fields[victim] = name + "=" + new string('a', random.Next(1, 100_000));
                break;
            case 6:
                return OddValues.Bytes(random, 300);
            case 7:
                return JsonMutation.Mutate("{\"a\":[1]}", random);
            default:
                fields[victim] = name + "=" + (random.Next(2) == 0 ? OddValues.Segment(random) : Uri.EscapeDataString(OddValues.Text(random)));
                break;
        }

        return string.Join('&', fields);
    }
}
