using Carrel.Engine.Storage;

namespace Carrel.Engine.Operations;

/// <summary>The operation was canceled or taken over while it ran: whoever runs it must stop and write nothing.</summary>
internal sealed class OperationLostException(Guid id) : Exception($"Operation {id} is no longer running.")
{
    /// <summary>Called inside every transaction that goes on with an operation.</summary>
    internal static void ThrowUnlessRunning(IEngineView view, Operation operation)
    {
        if (view.FindOperation(operation.Id)?.Status != OperationStatus.InProgress)
            throw new OperationLostException(operation.Id);
    }
}
