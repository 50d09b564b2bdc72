using Carrel.Engine.Storage;
using Carrel.Instances.Lifecycle;

namespace Carrel.Engine.Operations;

/// <summary>Writes down how far an operation has come.</summary>
public interface IOperationJournal
{
    /// <summary>Records a completed step and the state the instance shows from now on.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="step">Name of the step.</param>
    /// <param name="reached">New state of the instance, or null to leave it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task RecordStepAsync(Operation operation, string step, InstanceState? reached, CancellationToken cancellation);
}

/// <summary>The journal in the engine's store.</summary>
public sealed class OperationJournal(IEngineStore store) : IOperationJournal
{
    /// <inheritdoc/>
    public Task RecordStepAsync(Operation operation, string step, InstanceState? reached, CancellationToken cancellation) =>
        store.WriteAsync(
            transaction =>
            {
                OperationLostException.ThrowUnlessRunning(transaction, operation);
                transaction.Update(operation with { Step = step });
                if (reached is { } state && transaction.FindInstance(operation.TargetUid) is { } instance && instance.State.State != state)
                    transaction.Update(instance with { State = instance.State with { State = state } });
                return true;
            },
            cancellation);
}
