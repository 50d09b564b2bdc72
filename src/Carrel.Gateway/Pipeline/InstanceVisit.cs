using Carrel.Arm.Identity;
using Carrel.Gateway.Instances;
using Carrel.Gateway.Origins;
using Microsoft.AspNetCore.Http;

namespace Carrel.Gateway.Pipeline;

/// <summary>One request to an instance's origin on its way through the steps; each step fills in what it found out.</summary>
/// <param name="context">The request.</param>
/// <param name="origin">The origin it came to, canonical.</param>
internal sealed class InstanceVisit(HttpContext context, InstanceOrigin origin)
{
    internal HttpContext Context { get; } = context;

    internal InstanceOrigin Origin { get; } = origin;

    /// <summary>Path and query byte for byte as sent; set by step 1.</summary>
    internal string Target { get; set; } = "";

    /// <summary>The instance; null when there is none of this name. Set by step 3.</summary>
    internal InstanceRoute? Route { get; set; }

    /// <summary>How often connections had been ended before anything of this request was checked; set by step 3.</summary>
    internal long Closings { get; set; }

    /// <summary>Who asks; set by step 3.</summary>
    internal Visitor? Visitor { get; set; }
}

/// <summary>Who asks, and by what proof.</summary>
/// <param name="Who">The principal; ownership and roles refer to its object id.</param>
/// <param name="SessionId">Session of the cookie; null with a bearer token.</param>
/// <param name="Proof">The cookie's or the bearer token; only to be checked again.</param>
internal sealed record Visitor(Caller Who, Guid? SessionId, string Proof)
{
    internal Guid ObjectId => Who.ObjectId;

    /// <summary>Sign-in name, or client id of a program.</summary>
    internal string Name => Who.Name;

    /// <summary>Whether a browser sent the proof by itself, so that somebody else's page may have made it.</summary>
    internal bool IsAmbient => SessionId is not null;

    /// <summary>Leaves the proof out.</summary>
    public override string ToString() => Name;
}

/// <summary>One step of the way in.</summary>
internal interface IInstanceStep
{
    /// <summary>Does the step.</summary>
    /// <returns>The answer that ends the request, or null: the next step.</returns>
    ValueTask<IResult?> RunAsync(InstanceVisit visit);
}
