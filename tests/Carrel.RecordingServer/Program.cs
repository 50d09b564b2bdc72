using Carrel.RecordingServer;
using Carrel.Server.Composition;
using Carrel.Server.Configuration;

// The real server, which writes every ARM answer it gives into the file CARREL_RECORD, one line of JSON each.
string? record = Environment.GetEnvironmentVariable("CARREL_RECORD");
if (args is ["purge"] || record is null)
    return await Carrel.Server.CarrelServer.RunAsync(args, Environment.GetEnvironmentVariable, Console.Error);
await CarrelApplication.RunAsync(
    ServerOptions.Read(Environment.GetEnvironmentVariable),
    services => services.AddSingleton<IStartupFilter>(new RecordingFilter(record)));
return 0;
