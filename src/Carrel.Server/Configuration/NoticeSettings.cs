using System.Globalization;
using Carrel.Engine.Notices;
using Carrel.Instances.Notices;
using NodaTime;

namespace Carrel.Server.Configuration;

/// <summary>How stops are announced, as the operator sets it (docs/reference/configuration.md).</summary>
/// <param name="Minutes"><c>CARREL_NOTICE_MINUTES</c>: how long before a scheduled stop its notice is given.</param>
/// <param name="Webhooks"><c>CARREL_NOTICE_WEBHOOK</c>: where notices are posted to.</param>
/// <param name="SecretFile"><c>CARREL_NOTICE_SECRET</c>: file with the key that signs what is posted; null without webhooks.</param>
public sealed record NoticeSettings(int Minutes, IReadOnlyList<Uri> Webhooks, string? SecretFile)
{
    private const int ShortestKey = 16;

    /// <summary>Reads the environment.</summary>
    /// <param name="variable">Reads a variable.</param>
    /// <exception cref="ConfigurationException">A value cannot be used.</exception>
    public static NoticeSettings Read(Func<string, string?> variable)
    {
        Uri[] webhooks = [.. (variable("CARREL_NOTICE_WEBHOOK") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Webhook)];
        string? file = variable("CARREL_NOTICE_SECRET") is { Length: > 0 } path ? Path.GetFullPath(path) : null;
        if (webhooks.Length > 0 && file is null)
            throw new ConfigurationException($"CARREL_NOTICE_WEBHOOK needs CARREL_NOTICE_SECRET too: a file of at least {ShortestKey} bytes, the key by which the receiver knows who sent a notice.");
        return new NoticeSettings(ReadMinutes(variable("CARREL_NOTICE_MINUTES")), webhooks, file);
    }

    /// <summary>The engine's settings; reads the key.</summary>
    /// <param name="publicUrl">The public origin.</param>
    /// <exception cref="ConfigurationException">The key cannot be used.</exception>
    public NoticeOptions ForEngine(string publicUrl) => new()
    {
        ScheduledLead = Duration.FromMinutes(Minutes),
        Webhooks = Webhooks,
        WebhookKey = Webhooks.Count > 0 ? Key() : null,
        PublicUrl = publicUrl,
    };

    private byte[] Key()
    {
        try
        {
            // A line feed at the end is the editor's.
            ReadOnlySpan<byte> key = File.ReadAllBytes(SecretFile!).AsSpan().TrimEnd("\r\n"u8);
            return key.Length >= ShortestKey
                ? key.ToArray()
                : throw new ConfigurationException($"CARREL_NOTICE_SECRET: the file {SecretFile} must hold at least {ShortestKey} bytes, such as 'openssl rand -hex 32' prints.");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"CARREL_NOTICE_SECRET: the file {SecretFile} cannot be read: {fault.Message} Correct the path, or unset CARREL_NOTICE_WEBHOOK.", fault);
        }
    }

    // The address may hold a secret of its own, so it is not repeated.
    private static Uri Webhook(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme == Uri.UriSchemeHttps && url.UserInfo.Length == 0 && url.Fragment.Length == 0
            ? url
            : throw new ConfigurationException("CARREL_NOTICE_WEBHOOK must be https addresses separated by commas, without user name and fragment; one is none.");

    private static int ReadMinutes(string? text) =>
        string.IsNullOrEmpty(text) ? NoticeRules.DefaultLeadMinutes
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int minutes) && minutes is >= 1 and <= 60 ? minutes
        : throw new ConfigurationException($"CARREL_NOTICE_MINUTES must be a number of minutes from 1 to 60; it is '{text}'.");
}
