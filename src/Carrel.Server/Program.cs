using Carrel.Server;

return await CarrelServer.RunAsync(args, Environment.GetEnvironmentVariable, Console.Error);
