using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Carrel.Access.Authority;

/// <summary>The form of a token request, with the client's HTTP Basic credentials merged in. Each parameter occurs at most once (RFC 6749, 3.2).</summary>
internal sealed class TokenForm
{
    private const int LongestBody = 64 * 1024;

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>A parameter, or null when absent or empty.</summary>
    internal string? this[string name] => _values.GetValueOrDefault(name);

    internal static async Task<(TokenForm? Form, OAuthError? Error)> ReadAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (!request.HasFormContentType)
            return (null, OAuthError.Missing("grant_type"));
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = LongestBody;
        IFormCollection fields;
        try
        {
            fields = await request.ReadFormAsync(new FormOptions { ValueCountLimit = 64 }, context.RequestAborted);
        }
        // IOException: a request that breaks the protocol, and a multipart body that ends too early. NotSupportedException: UTF-7. InvalidOperationException: a trailer that is no text.
        catch (Exception fault) when (fault is IOException or InvalidDataException or NotSupportedException or InvalidOperationException)
        {
            return (null, OAuthError.Malformed("The form cannot be read, or is longer than 64 KB."));
        }

        var form = new TokenForm();
        foreach ((string name, StringValues values) in fields)
        {
            if (values.Count > 1)
                return (null, OAuthError.Malformed($"The parameter '{name}' occurs more than once."));
            if (!StringValues.IsNullOrEmpty(values))
                form._values[name] = values.ToString();
        }

        return form.TakeBasic(request.Headers.Authorization) is { } error ? (null, error) : (form, null);
    }

    private OAuthError? TakeBasic(StringValues header)
    {
        const string Scheme = "Basic ";
        if (header.Count == 0)
            return null;
        string text = header.ToString();
        if (header.Count > 1 || !text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return OAuthError.Malformed("The Authorization header of a token request can only be Basic.");
        if (_values.ContainsKey("client_secret"))
            return OAuthError.Malformed("Send the client secret in the form or as HTTP Basic, not both.");
        byte[] bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text[Scheme.Length..].Trim(), bytes, out int length))
            return OAuthError.Malformed("The Basic credentials are not base64.");
        string credentials = Encoding.UTF8.GetString(bytes, 0, length);
        int colon = credentials.IndexOf(':');
        if (colon <= 0 || colon == credentials.Length - 1)
            return OAuthError.Malformed("The Basic credentials have to be the client id, a colon and the secret.");
        // RFC 6749, 2.3.1: both halves are form-encoded first.
        string clientId = Decode(credentials[..colon]);
        if (_values.TryGetValue("client_id", out string? other) && other != clientId)
            return OAuthError.Malformed("The client id in the form is another one than in the Basic credentials.");
        _values["client_id"] = clientId;
        _values["client_secret"] = Decode(credentials[(colon + 1)..]);
        return null;
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
