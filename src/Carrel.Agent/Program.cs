using Carrel.Agent;
using Carrel.Agent.Commands;
using Carrel.Agent.KeepAwake;

var options = new AgentOptions();
switch (args)
{
    case []:
        return await RunningAgent.RunAsync(options);
    case ["--version"]:
        Console.WriteLine(AgentVersion.Current);
        return 0;
    case ["az", ..]:
        return await AzureCommand.RunAsync(
            args[1..], Environment.GetEnvironmentVariable, resource => AzureCommand.AskAsync(options.OwnerSocket, resource), Console.Out, Console.Error);
    default:
        return KeepAwakeCommand.Run(args, options, Console.Out, Console.Error);
}
