using Carrel.Instances.Resources;

namespace Carrel.Engine.Events;

/// <summary>The service itself as an actor: schedules, idle rules and the reconciler act in its name.</summary>
public static class Service
{
    /// <summary>The principal of everything that nobody asked for.</summary>
    public static Principal Principal { get; } = new(Guid.Empty, Guid.Empty, "Carrel", "Application");
}
