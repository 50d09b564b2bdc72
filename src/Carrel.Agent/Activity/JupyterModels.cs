using System.Text.Json;
using System.Text.Json.Serialization;

namespace Carrel.Agent.Activity;

/// <summary>One entry of Jupyter's <c>/api/kernels</c>.</summary>
internal sealed record JupyterKernel(string Id, string Name, DateTimeOffset LastActivity, string ExecutionState, int Connections);

/// <summary>One entry of Jupyter's <c>/api/terminals</c>, oldest first.</summary>
internal sealed record JupyterTerminal(string Name, DateTimeOffset LastActivity);

/// <summary>Jupyter's answers as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    MaxDepth = 16)]
[JsonSerializable(typeof(List<JupyterKernel>))]
[JsonSerializable(typeof(List<JupyterTerminal>))]
internal sealed partial class JupyterJson : JsonSerializerContext;
