using System.Globalization;
using System.Text;

namespace Carrel.Fuzz.Tests.Wire;

/// <summary>Reads HTTP/1.1 answers strictly: what it cannot read is a fault of the server.</summary>
internal sealed class AnswerReader(Stream stream)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    /// <summary>The next final answer, or null when the server hung up before one began.</summary>
    internal async Task<WireAnswer?> ReadAsync(bool isHead, CancellationToken cancellation)
    {
        while (true)
        {
            if (await LineAsync(cancellation) is not { Length: > 0 } statusLine)
                return null;
            if (!statusLine.StartsWith("HTTP/1.1 ", StringComparison.Ordinal))
                throw new InvalidDataException("No HTTP/1.1 answer: " + statusLine);
            int status = int.Parse(statusLine.AsSpan(9, 3), CultureInfo.InvariantCulture);
            var headers = new List<string>();
            while (await LineAsync(cancellation) is { Length: > 0 } header)
                headers.Add(header);
            if (status == 100)
                continue;
            var answer = new WireAnswer(status, headers, "", false);
            bool closes = answer.Header("Connection")?.Contains("close", StringComparison.OrdinalIgnoreCase) == true || status == 101;
            bool hasBody = !isHead && status is not (101 or 204 or 304);
            return answer with { Body = hasBody ? await BodyAsync(answer, cancellation) : "", Closes = closes };
        }
    }

    private async Task<string> BodyAsync(WireAnswer answer, CancellationToken cancellation)
    {
        if (answer.Header("Content-Length") is { } length)
            return await BytesAsync(int.Parse(length, CultureInfo.InvariantCulture), cancellation);
        var body = new StringBuilder();
        if (answer.Header("Transfer-Encoding") == "chunked")
        {
            while (true)
            {
                string line = await LineAsync(cancellation) ?? throw new InvalidDataException("The answer ended within its body.");
                int size = int.Parse(line, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                body.Append(await BytesAsync(size, cancellation));
                await LineAsync(cancellation);
                if (size == 0)
                    return body.ToString();
            }
        }

        for (; await FillAsync(cancellation); _start = _end)
            body.Append(Encoding.Latin1.GetString(_buffer, _start, _end - _start));
        return body.ToString();
    }

    private async Task<string?> LineAsync(CancellationToken cancellation)
    {
        var line = new StringBuilder();
        while (true)
        {
            if (_start == _end && !await FillAsync(cancellation))
                return line.Length == 0 ? null : line.ToString();
            char character = (char)_buffer[_start++];
            if (character == '\n')
                return line.ToString().TrimEnd('\r');
            line.Append(character);
        }
    }

    private async Task<string> BytesAsync(int count, CancellationToken cancellation)
    {
        var bytes = new StringBuilder(count);
        while (bytes.Length < count)
        {
            if (_start == _end && !await FillAsync(cancellation))
                throw new InvalidDataException($"The answer ended after {bytes.Length} of {count} bytes of its body.");
            int taken = Math.Min(count - bytes.Length, _end - _start);
            bytes.Append(Encoding.Latin1.GetString(_buffer, _start, taken));
            _start += taken;
        }

        return bytes.ToString();
    }

    private async Task<bool> FillAsync(CancellationToken cancellation)
    {
        _start = 0;
        _end = await stream.ReadAsync(_buffer, cancellation);
        return _end > 0;
    }
}
