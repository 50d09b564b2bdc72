using System.Text.RegularExpressions;
using Carrel.Fuzz.Tests.Mutation;
using Carrel.Fuzz.Tests.Support;

namespace Carrel.Fuzz.Tests.Requests;

/// <summary>Makes the request of a number from a seed: the same in every run, whatever came before.</summary>
internal sealed partial class RequestGenerator(IReadOnlyList<FuzzRoute> routes, int seed)
{
    private const int HugeBody = 4_300_000;

    private static readonly string[] Methods = ["GET", "PUT", "PATCH", "DELETE", "POST", "HEAD", "OPTIONS", "QUERY", "TRACE", "M-SEARCH"];
    // Most requests for an instance find one: behind "not found" nothing is tested.
    private static readonly string[] Computes = ["desk", "desk", "desk", "desk", "desk", "chair", "chair", "Desk", "lamp", "table", "shelf", "nobody", "a", "desk-1"];
    private static readonly string[] Workspaces = ["lab", "lab", "lab", "lab", "lab", "LAB", "den", "none"];
    private static readonly string[] Groups = ["team", "team", "team", "team", "team", "team", "Team", "other"];

    private readonly FuzzRoute[] _weighted = [.. routes.SelectMany(route => Enumerable.Repeat(route, route.Weight))];

    /// <summary>The request of a number.</summary>
    internal FuzzRequest Make(int number)
    {
        var random = new Random(unchecked((seed * 1_000_003) + number));
        FuzzRoute route = _weighted[random.Next(_weighted.Length)];
        string target = Parameter().Replace(route.Path, match => Fill(match.Groups[1].Value, IsDoom(route), random));
        string credential = route.Credentials[random.Next(route.Credentials.Count)];
        if (random.Next(25) == 0)
            return new FuzzRequest(number, route.Operation, route.Plane, BrokenHttp.Make(target, route.Host, credential, random), "", false, Broken: true);

        string method = random.Next(20) == 0 ? Methods[random.Next(Methods.Length)] : route.Method;
        string body = route.Bodies.Count == 0 ? "" : route.Bodies[random.Next(route.Bodies.Count)];
        List<string> headers = ["Host: " + route.Host, credential];
        if (body.Length > 0)
            headers.Add("Content-Type: " + route.ContentType);
        bool broken = false;
        bool changed = false;
        // One thing wrong as a rule, so that what is behind the first check is reached too; sometimes two, sometimes none.
        for (int changes = random.Next(8) switch { 0 => 0, 1 => 2, _ => 1 }; changes > 0; changes--)
        {
            int kind = random.Next(10);
            if (kind < 6 && route.Bodies.Count > 0 && !changed)
                (body, changed) = (route.ContentType.Contains("json", StringComparison.Ordinal) ? JsonMutation.Mutate(body, random) : FormMutation.Mutate(body, random), true);
            else if (kind is 6 or 7 || (kind < 6 && random.Next(2) == 0))
                (target, broken) = PathMutation.Mutate(target, random) is var (mutated, bad) ? (mutated, broken || bad) : (target, broken);
            else
                broken |= HeaderMutation.Mutate(headers, random);
        }

        if (random.Next(3000) == 0)
            body += new string(' ', HugeBody);
        headers.Add("Content-Length: {{length}}");
        string head = $"{method} {target} HTTP/1.1\r\n{string.Join("\r\n", headers)}\r\n\r\n";
        return new FuzzRequest(number, route.Operation, route.Plane, head, body, method == "HEAD", broken);
    }

    // Below a workspace that is gone everything is a 404: what others stand on is deleted seldom.
    private static bool IsDoom(FuzzRoute route) => route.Method == "DELETE" && !route.Path.Contains("{computeName}", StringComparison.Ordinal);

    private static string Fill(string parameter, bool doom, Random random) => parameter switch
    {
        "subscriptionId" => FuzzServer.Subscription,
        "workspaceName" or "resourceGroupName" when doom && random.Next(20) > 0 => parameter == "workspaceName" ? "den" : "other",
        "resourceGroupName" => Groups[random.Next(Groups.Length)],
        "workspaceName" => Workspaces[random.Next(Workspaces.Length)],
        "computeName" => Computes[random.Next(Computes.Length)],
        "location" => random.Next(5) == 0 ? "elsewhere" : "local",
        "operationId" => random.Next(3) == 0 ? "11111111-1111-1111-1111-111111111111" : "{{operation}}",
        "tenant" => random.Next(4) == 0 ? "common" : FuzzServer.Tenant,
        "resourceProviderNamespace" => "Microsoft.MachineLearningServices",
        _ when parameter.StartsWith('*') => "a/b/c",
        _ => "x1",
    };

    [GeneratedRegex(@"(?<!\{)\{([*A-Za-z]+)[^{}]*\}(?!\})")]
    private static partial Regex Parameter();
}
