namespace Carrel.Instances.Hosting;

/// <summary>The host does not answer; the same call may succeed later, and the engine repeats it.</summary>
public sealed class HostUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The host answers and says no; repeating the same call is useless. The message tells the user why and what to do.</summary>
/// <param name="code">A stable word such as <c>ImageNotFound</c>, <c>InsufficientDisk</c>, <c>MachineNotFound</c>.</param>
/// <param name="message">Reason and remedy.</param>
/// <param name="inner">What the host said.</param>
public sealed class HostRefusedException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>A stable word that names the reason.</summary>
    public string Code { get; } = code;
}
