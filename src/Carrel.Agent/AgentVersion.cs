using System.Reflection;

namespace Carrel.Agent;

/// <summary>The program's version.</summary>
internal static class AgentVersion
{
    /// <summary>Such as <c>0.1.0</c>, without the build's commit.</summary>
    public static string Current { get; } =
        (typeof(AgentVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0").Split('+')[0];
}
