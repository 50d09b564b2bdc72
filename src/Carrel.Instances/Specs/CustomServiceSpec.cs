using System.Text.Json.Nodes;

namespace Carrel.Instances.Specs;

/// <summary>One custom service as sent (contract 13.3): the members that rules speak of, and the whole document.</summary>
/// <param name="Name"><c>name</c>.</param>
/// <param name="ImageType"><c>image.type</c>.</param>
/// <param name="ImageReference"><c>image.reference</c>; null when there is no image.</param>
/// <param name="Endpoints"><c>endpoints</c>.</param>
/// <param name="Volumes"><c>volumes</c>.</param>
/// <param name="Document">
/// Everything that was sent, unknown members included, nulls left out, known names and enum words in canonical spelling. Not to be changed.
/// </param>
public sealed record CustomServiceSpec(
    string? Name,
    string? ImageType,
    string? ImageReference,
    IReadOnlyList<ServiceEndpointSpec> Endpoints,
    IReadOnlyList<ServiceVolumeSpec> Volumes,
    JsonObject Document);

/// <summary>One endpoint as sent.</summary>
/// <param name="Name"><c>name</c>.</param>
/// <param name="Protocol"><c>protocol</c>.</param>
/// <param name="Target">Port in the container.</param>
/// <param name="Published">Port on the instance.</param>
public sealed record ServiceEndpointSpec(string? Name, string? Protocol, int? Target, int? Published);

/// <summary>One volume as sent.</summary>
/// <param name="Type"><c>type</c>.</param>
/// <param name="Source"><c>source</c>.</param>
/// <param name="Target"><c>target</c>.</param>
public sealed record ServiceVolumeSpec(string? Type, string? Source, string? Target);
