namespace Carrel.Agent.Http;

/// <summary>A request that is answered with a refusal.</summary>
internal sealed class RefusedException(int status, string code, string message) : Exception(message)
{
    /// <summary>HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>A stable word for the reason.</summary>
    public string Code { get; } = code;
}
