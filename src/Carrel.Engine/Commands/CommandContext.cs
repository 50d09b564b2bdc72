using Carrel.Instances.Resources;

namespace Carrel.Engine.Commands;

/// <summary>Who asks, in which request.</summary>
/// <param name="Caller">The authenticated principal.</param>
/// <param name="RequestId">The request's id.</param>
/// <param name="CorrelationId">Ties together what one user action leads to.</param>
public sealed record CommandContext(Principal Caller, string RequestId, string CorrelationId);
