using Carrel.Agent;
using Carrel.Agent.KeepAwake;
using Carrel.AgentProtocol;

if (args is ["--version"])
{
    Console.WriteLine(AgentVersion.Current);
    return 0;
}

var options = new AgentOptions();
if (args.Length > 0)
{
    return KeepAwakeCommand.Run(args, options, Console.Out, Console.Error);
}

try
{
    var secret = MachineSecret.Parse(File.ReadAllText(options.SecretFile));
    await using var agent = await RunningAgent.StartAsync(options, secret, TimeProvider.System);
    await agent.StoppedAsync();
    return 0;
}
catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or FormatException)
{
    Console.Error.WriteLine($"carrel-agent cannot run: {failure.Message}");
    return 1;
}
