namespace Carrel.Server.Configuration;

/// <summary>A setting or the machine does not let the server start; the message is one sentence that says what to do.</summary>
public sealed class ConfigurationException(string message, Exception? inner = null) : Exception(message, inner);
