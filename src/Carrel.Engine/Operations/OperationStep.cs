using Carrel.Instances.Lifecycle;
using Carrel.Instances.Resources;

namespace Carrel.Engine.Operations;

/// <summary>
/// One idempotent step of an operation. After a crash the steps run again from the first: each finds what it has already done and goes on.
/// </summary>
/// <param name="Name">Recorded when it is complete.</param>
/// <param name="RunAsync">What it does.</param>
/// <param name="Reaches">State the instance shows once it is complete, or null.</param>
/// <param name="Once">True for a step that must not be repeated once it was recorded, because repeating it would undo later ones.</param>
internal sealed record OperationStep(
    string Name, Func<OperationContext, CancellationToken, Task> RunAsync, InstanceState? Reaches = null, bool Once = false);

/// <summary>What the steps of one run share.</summary>
/// <param name="operation">The operation.</param>
internal sealed class OperationContext(Operation operation)
{
    /// <summary>The operation.</summary>
    internal Operation Operation { get; } = operation;

    /// <summary>Address of the running machine, set by the step that starts it.</summary>
    internal string? MachineAddress { get; set; }

    /// <summary>Version of the image the machine was made from.</summary>
    internal string? ImageVersion { get; set; }

    /// <summary>What the operation succeeded with all the same, for <c>errors</c> of the instance; null for nothing.</summary>
    internal InstanceError? Shortcoming { get; set; }
}
