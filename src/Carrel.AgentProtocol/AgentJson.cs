using System.Text.Json;
using System.Text.Json.Serialization;
using Carrel.AgentProtocol.Lines;

namespace Carrel.AgentProtocol;

/// <summary>
/// The messages as JSON, generated at compile time because the agent is trimmed. Missing and null members are refused; unknown ones are
/// ignored, so that a server and an agent of neighbouring versions understand each other.
/// </summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    NumberHandling = JsonNumberHandling.Strict,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    MaxDepth = 16,
    Converters = [typeof(ServiceStateConverter)])]
[JsonSerializable(typeof(MachineSettings))]
[JsonSerializable(typeof(ServiceSwitch))]
[JsonSerializable(typeof(AgentHealth))]
[JsonSerializable(typeof(MachineActivity))]
[JsonSerializable(typeof(Readiness))]
[JsonSerializable(typeof(AgentError))]
[JsonSerializable(typeof(TerminalNotice))]
[JsonSerializable(typeof(TerminalNoticeResult))]
[JsonSerializable(typeof(MachineCall))]
[JsonSerializable(typeof(MachineCallAnswer))]
public sealed partial class AgentJson : JsonSerializerContext;

/// <summary>Service states in lower-case words.</summary>
public sealed class ServiceStateConverter() : JsonStringEnumConverter<ServiceState>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);
