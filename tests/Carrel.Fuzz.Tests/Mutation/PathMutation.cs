namespace Carrel.Fuzz.Tests.Mutation;

/// <summary>Changes request targets: case, encoding, slashes, dots, foreign bytes, length; api-versions and other queries.</summary>
internal static class PathMutation
{
    private static readonly string[] Versions =
    [
        "", "?", "?api-version", "?api-version=", "?api-version=latest", "?api-version=2024-10-01&api-version=2024-10-01", "?API-VERSION=2024-10-01", "?api-version=2024-13-99", "?api-version=2024-10-01-preview", "?api-version=2024-10-01-",
        "?api-version=2024-10-01%0d%0aX-Evil:%201", "?api-version=0000-00-00", "?api-version=9999-99-99-a.b.c", "?api-version=\u00e9", "?api-version=2024-10-01%00", "?api%2dversion=2024-10-01", "?api-version=2024-10-01;", "?&&&=&api-version=2024-10-01", "?api-version=%32024-10-01",
    ];

    private static readonly string[] Queries =
    [
        "&underlyingResourceAction=Delete", "&underlyingResourceAction=Detach", "&underlyingResourceAction=", "&underlyingResourceAction=delete&underlyingResourceAction=delete", "&$top=1", "&$top=-1", "&$top=99999999999999999999", "&$top=a", "&$skip=1", "&$skip=", "&$skipToken=garbage", "&$skiptoken=%00",
        "&$filter=name%20eq%20'x'", "&$filter=(((((((", "&$filter='", "&$expand=x", "&$orderby=name%20desc", "&count=1", "&compute-type=ComputeInstance", "&startTime=x&endTime=y", "&startTime=9999-12-31T23:59:59Z", "&a[]=1&a[]=2", "&%=%", "&%ff=%ff", "&=", "&a=" + "%F0%9F%98%80",
    ];

    /// <summary>Changes a target.</summary>
    /// <returns>The target, and true when the web server itself may refuse it.</returns>
    internal static (string Target, bool Broken) Mutate(string target, Random random)
    {
        int cut = target.IndexOf('?', StringComparison.Ordinal);
        string path = cut < 0 ? target : target[..cut];
        string query = cut < 0 ? "" : target[cut..];
        switch (random.Next(10))
        {
            case 0 or 1:
                query = Versions[random.Next(Versions.Length)];
                break;
            case 2 or 3:
                query = (query.Length == 0 ? "?" : query) + Queries[random.Next(Queries.Length)];
                break;
            case 4:
                path = new string([.. path.Select(character => random.Next(3) == 0 ? char.IsUpper(character) ? char.ToLowerInvariant(character) : char.ToUpperInvariant(character) : character)]);
                break;
            case 5:
                int at = random.Next(1, path.Length + 1);
                path = at < path.Length ? $"{path[..at]}%{(int)path[at]:X2}{path[(at + 1)..]}" : path + "/";
                break;
            case 6:
                string[] segments = path.Split('/');
                segments[random.Next(1, segments.Length)] = OddValues.Segment(random);
                path = string.Join('/', segments);
                break;
            case 7 when random.Next(4) == 0:
                path = path.Insert(random.Next(1, path.Length + 1), new string('a', random.Next(3) == 0 ? 9000 : random.Next(20, 3000)));
                break;
            default:
                path = path.Insert(random.Next(1, path.Length + 1), OddValues.Segment(random));
                break;
        }

        string mutated = path + query;
        bool broken = mutated.Length > 8000 || mutated.Any(character => character is <= ' ' or > '~') || mutated.Contains("%00", StringComparison.Ordinal);
        return (mutated, broken);
    }
}
