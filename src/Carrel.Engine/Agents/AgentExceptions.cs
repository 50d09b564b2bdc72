namespace Carrel.Engine.Agents;

/// <summary>The agent cannot be reached or did not answer in time. A new connection may succeed; this one will not.</summary>
public sealed class AgentUnreachableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The agent answers, but refuses or says something that cannot be. Repeating the same call is useless.</summary>
/// <param name="code">The agent's own word for a refusal (<c>InvalidSettings</c>), or <c>NotThisMachine</c>, <c>Unauthorized</c>, <c>InvalidAnswer</c>, <c>AnswerTooLarge</c>.</param>
/// <param name="message">What happened. Parts that the agent wrote are shortened and free of control characters.</param>
/// <param name="inner">The cause.</param>
public sealed class AgentProtocolException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>A stable word that names the reason.</summary>
    public string Code { get; } = code;
}
