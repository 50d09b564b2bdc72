using Carrel.Instances.Notices;
using NodaTime;

namespace Carrel.Engine.Notices;

/// <summary>How stops are announced.</summary>
public sealed record NoticeOptions
{
    /// <summary>How long before a scheduled stop its notice is given (contract 3.6): 1 to 60 minutes.</summary>
    public Duration ScheduledLead { get; init; } = Duration.FromMinutes(NoticeRules.DefaultLeadMinutes);

    /// <summary>Where notices are posted to; none by default.</summary>
    public IReadOnlyList<Uri> Webhooks { get; init; } = [];

    /// <summary>The key that webhook bodies are signed with; null when there is no webhook.</summary>
    public byte[]? WebhookKey { get; init; }

    /// <summary>The server's public origin, for the links of a webhook's body.</summary>
    public string PublicUrl { get; init; } = "";

    /// <summary>How long one try of a webhook may take.</summary>
    public TimeSpan WebhookTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
