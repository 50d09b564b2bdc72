using System.Globalization;
using Carrel.Bench.InstanceLife;
using Carrel.TestKit.Servers;

// How long people wait: create to the first 200 from JupyterLab, stop, start; each beside the same container driven by the docker client alone,
// in turn, so that the machine's mood hits both. Prints medians and their ratio; a ratio of 1 means that Carrel adds nothing.
int rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10;
await using RunningCarrel carrel = await RunningCarrel.StartAsync();
using var ours = new CarrelLife(carrel, await ArmClient.SignInAsync(carrel));
var bare = new DockerLife(TestSettings.Image);
var table = new Measurements();
for (int round = -1; round < rounds; round++)
{
    foreach (ILife life in new ILife[] { ours, bare })
    {
        Lap lap = await life.RunAsync(round + 1);
        if (round >= 0)
            table.Add(life.Name, lap);
    }
}

table.Print(Console.Out, ours.Name, bare.Name);
