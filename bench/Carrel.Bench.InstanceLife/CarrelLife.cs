using System.Diagnostics;
using System.Globalization;
using System.Net;
using Carrel.TestKit.Servers;

namespace Carrel.Bench.InstanceLife;

/// <summary>Through Carrel: the ARM calls, and JupyterLab through the gateway with the owner's bearer token.</summary>
internal sealed class CarrelLife(RunningCarrel carrel, ArmClient arm) : ILife, IDisposable
{
    public string Name => "carrel";

    public async Task<Lap> RunAsync(int round)
    {
        string name = "bench" + round.ToString(CultureInfo.InvariantCulture);
        string path = $"{carrel.Workspace}/computes/{name}";
        var lab = new Uri($"https://{name}.{carrel.Client["CARREL_LOCATION"]}.instances.localhost:{new Uri(carrel.Url).Port}/api/status");

        long begun = Stopwatch.GetTimestamp();
        await arm.SendAsync(HttpMethod.Put, path, ArmClient.InstanceBody());
        await FirstAnswerAsync(lab);
        TimeSpan create = Stopwatch.GetElapsedTime(begun);
        await SettleAsync(path, "Running");

        begun = Stopwatch.GetTimestamp();
        await arm.WaitAsync(await arm.SendAsync(HttpMethod.Post, path + "/stop"));
        TimeSpan stop = Stopwatch.GetElapsedTime(begun);

        begun = Stopwatch.GetTimestamp();
        await arm.SendAsync(HttpMethod.Post, path + "/start");
        await FirstAnswerAsync(lab);
        TimeSpan start = Stopwatch.GetElapsedTime(begun);
        await SettleAsync(path, "Running");

        await arm.WaitAsync(await arm.SendAsync(HttpMethod.Delete, path));
        return new Lap(create, stop, start);
    }

    public void Dispose() => arm.Dispose();

    private async Task FirstAnswerAsync(Uri lab)
    {
        while (true)
        {
            using HttpResponseMessage answer = await arm.Http.GetAsync(lab);
            if (answer.StatusCode == HttpStatusCode.OK)
                return;
            await Task.Delay(10);
        }
    }

    private async Task SettleAsync(string path, string state)
    {
        while ((await arm.SendAsync(HttpMethod.Get, path)).Body!["properties"]!["properties"]!["state"]!.GetValue<string>() != state)
            await Task.Delay(10);
    }
}
