namespace Carrel.Fuzz.Tests.Requests;

/// <summary>A valid request that mutations start from.</summary>
/// <param name="Operation">Its name.</param>
/// <param name="Plane">Whose answer it asks for.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path with <c>{parameters}</c> to be filled, and perhaps a query.</param>
/// <param name="Host">Host header.</param>
/// <param name="Bodies">Valid bodies, one of which is taken; none for a request without.</param>
/// <param name="ContentType">Of the bodies.</param>
/// <param name="Credentials">Headers that name the caller, one of which is taken.</param>
internal sealed record FuzzRoute(
    string Operation, Plane Plane, string Method, string Path, string Host, IReadOnlyList<string> Bodies, string ContentType, IReadOnlyList<string> Credentials)
{
    /// <summary>Routes with bodies have more to get wrong.</summary>
    internal int Weight => (Plane == Plane.Arm ? 2 : 1) + Math.Min(Bodies.Count, 8);
}
