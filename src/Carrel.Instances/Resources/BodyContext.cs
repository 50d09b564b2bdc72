namespace Carrel.Instances.Resources;

/// <summary>What an answer shows beside what is stored of the instance.</summary>
/// <param name="Applications">Links to the applications; shown only while they can be opened.</param>
/// <param name="LatestImageVersion">Version of the newest published image, or null.</param>
/// <param name="PublicAddress">Public address, or null.</param>
public sealed record BodyContext(
    IReadOnlyList<ApplicationLink> Applications,
    string? LatestImageVersion = null,
    string? PublicAddress = null);

/// <summary>One entry of <c>applications</c> (contract 1.2).</summary>
/// <param name="DisplayName">Such as <c>Jupyter Lab</c>.</param>
/// <param name="EndpointUri">Absolute address.</param>
public sealed record ApplicationLink(string DisplayName, string EndpointUri);
