using Carrel.Bench.Schedules;

// How fast schedules are evaluated and loaded, beside Quartz.NET on the same expressions, zones and year, in turn in one run.
NextOccurrence.Run(Console.Out);
Loading.Run(Console.Out);
await Executing.RunAsync(Console.Out);
