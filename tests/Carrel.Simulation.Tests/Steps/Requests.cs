using Carrel.Simulation.Tests.Checks;
using Carrel.Simulation.Tests.World;

namespace Carrel.Simulation.Tests.Steps;

/// <summary>The request of each call.</summary>
internal static class Requests
{
    private static readonly string[] Calls =
    [
        "put", "putplan", "putbrief", "badput", "patch", "badpatch", "get", "start", "stop", "restart", "reimage", "idle", "sso", "plan", "awake", "delete",
        "dropworkspace", "makeworkspace", "dropgroup", "makegroup", "quota",
    ];

    /// <summary>Whether a move is one request.</summary>
    internal static bool IsCall(string verb) => Calls.Contains(verb);

    /// <summary>Whether it may make an instance.</summary>
    internal static bool Creates(string verb) => verb is "put" or "putplan" or "putbrief";

    /// <summary>Method, path and body of a call.</summary>
    internal static (string Method, string Path, string? Body) Of(Move move)
    {
        string workspace = SimulatedWorld.Workspace(move.Workspace);
        string path = move.Target.Contains('/', StringComparison.Ordinal) ? $"{workspace}/computes/{move.Instance}" : workspace;
        string group = SimulatedWorld.GroupPath(move.Target);
        return move.Verb switch
        {
            "put" => ("PUT", path, Creation(move.Number, "")),
            "putplan" => ("PUT", path, Creation(1, $""","schedules":{Plans.Body(move.Number)}""")),
            "putbrief" => ("PUT", path, Creation(move.Number, ""","releaseQuotaOnStop":true""")),
            "badput" => ("PUT", path, """{"properties":{"computeType":"ComputeInstance","properties":{"vmSize":"STANDARD_DS1_V2","idleTimeBeforeShutdown":"PT1M"}}}"""),
            "patch" => ("PATCH", path, """{"tags":{"a":"b"}}"""),
            "badpatch" => ("PATCH", path, """{"location":"nowhere"}"""),
            "idle" => ("POST", path + "/updateIdleShutdownSetting", $$"""{"idleTimeBeforeShutdown":"PT{{(move.Number == 0 ? 60 : move.Number)}}M"}"""),
            "sso" => ("POST", path + "/enableSso", """{"enableSSO":false}"""),
            "plan" => ("POST", path + "/updateSchedules", Plans.Body(move.Number)),
            "awake" => ("POST", path + "/keepAwake", $$"""{"minutes":{{move.Number}}}"""),
            "get" => ("GET", path, null),
            "delete" or "dropworkspace" => ("DELETE", path, null),
            "makeworkspace" => ("PUT", path, $$"""{"location":"{{SimulatedWorld.LocationOf(move.Workspace)}}"}"""),
            "dropgroup" => ("DELETE", group, null),
            "makegroup" => ("PUT", group, """{"location":"local"}"""),
            "quota" => ("POST", SimulatedWorld.Location(move.Target) + "/updateQuotas", QuotaBody(move.Number)),
            _ => ("POST", $"{path}/{move.Verb}", null),
        };
    }

    private static string Creation(int cores, string more) =>
        $$$$"""{"properties":{"computeType":"ComputeInstance","properties":{"vmSize":"{{{{CallRules.Sizes[cores]}}}}"{{{{more}}}}}}}""";

    private static string QuotaBody(int limit) =>
        $$"""{"value":[{"id":"{{SimulatedWorld.Subscription}}/quotas/Total_Cluster_Dedicated_Regional_vCPUs","limit":{{limit}}}]}""";
}
