using System.Runtime.InteropServices;
using Carrel.Cli.Commands;
using Carrel.Cli.Consoles;

using var interrupted = new CancellationTokenSource();
using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
return await CliApplication.RunAsync(TerminalHost.Create(), args, interrupted.Token);

void Cancel(PosixSignalContext signal)
{
    // The first one lets the command say what goes on at the server; a second one ends the process at once.
    signal.Cancel = !interrupted.IsCancellationRequested;
    interrupted.Cancel();
}
