using Carrel.Bench.Schedules;

// How fast schedules are evaluated, loaded and executed, beside Quartz.NET on the same expressions, zones and year, in turn in one run; with the argument
// "executing" the last part alone.
if (args is not ["executing"])
{
    NextOccurrence.Run(Console.Out);
    Loading.Run(Console.Out);
}

await Executing.RunAsync(Console.Out);
