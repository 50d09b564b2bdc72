namespace Carrel.AgentProtocol.Identity;

/// <summary>By what a question names an identity.</summary>
public enum IdentitySelector
{
    /// <summary>It does not: the default identity.</summary>
    Default,

    /// <summary>By client id.</summary>
    ClientId,

    /// <summary>By the principal's object id.</summary>
    ObjectId,

    /// <summary>By the identity's ARM id.</summary>
    ResourceId,
}

/// <summary>A well-formed question for a token.</summary>
/// <param name="Resource">For whom it is to be, exactly as asked.</param>
/// <param name="Selector">By what the identity is named.</param>
/// <param name="Named">Its name; null for the default identity.</param>
public sealed record IdentityQuestion(string Resource, IdentitySelector Selector = IdentitySelector.Default, string? Named = null);

/// <summary>A question, or why it is none; exactly one of the two.</summary>
/// <param name="Question">The question.</param>
/// <param name="Refusal">The refusal.</param>
public sealed record IdentityReading(IdentityQuestion? Question, IdentityRefusal? Refusal)
{
    /// <summary>It is refused.</summary>
    public static implicit operator IdentityReading(IdentityRefusal refusal) => new(null, refusal);

    /// <summary>It is a question.</summary>
    public static implicit operator IdentityReading(IdentityQuestion question) => new(question, null);
}
