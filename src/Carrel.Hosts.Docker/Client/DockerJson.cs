using System.Text.Json.Serialization;

namespace Carrel.Hosts.Docker.Client;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Dictionary<string, string[]>))]
[JsonSerializable(typeof(EngineMessage))]
[JsonSerializable(typeof(EngineInformation))]
[JsonSerializable(typeof(EngineEvent))]
[JsonSerializable(typeof(PathStat))]
[JsonSerializable(typeof(ImageDetails))]
[JsonSerializable(typeof(ContainerBody))]
[JsonSerializable(typeof(ContainerCreated))]
[JsonSerializable(typeof(ContainerDetails))]
[JsonSerializable(typeof(List<ContainerSummary>))]
[JsonSerializable(typeof(NetworkBody))]
[JsonSerializable(typeof(NetworkAttachment))]
[JsonSerializable(typeof(List<NetworkDetails>))]
[JsonSerializable(typeof(VolumeBody))]
[JsonSerializable(typeof(VolumeDetails))]
[JsonSerializable(typeof(VolumeList))]
internal sealed partial class DockerJson : JsonSerializerContext;
