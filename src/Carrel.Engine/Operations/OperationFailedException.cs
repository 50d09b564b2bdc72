namespace Carrel.Engine.Operations;

/// <summary>A step cannot succeed; repeating it is useless.</summary>
/// <param name="code">A stable word that names the reason.</param>
/// <param name="message">Reason and remedy, for the user.</param>
internal sealed class OperationFailedException(string code, string message) : Exception(message)
{
    /// <summary>A stable word that names the reason.</summary>
    internal string Code { get; } = code;
}
