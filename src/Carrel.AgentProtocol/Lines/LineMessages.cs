using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Carrel.AgentProtocol.Lines;

/// <summary>Messages on a line: one JSON object a line of text, bounded in length. One reader and one writer at a time.</summary>
public sealed class LineMessages(Stream stream)
{
    private const byte End = (byte)'\n';

    private readonly byte[] _buffer = new byte[LineContract.LongestMessageBytes + 1];
    private int _begin;
    private int _end;

    /// <summary>Writes a message.</summary>
    /// <exception cref="IOException">The line is gone.</exception>
    public async Task WriteAsync<T>(T message, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        byte[] text = JsonSerializer.SerializeToUtf8Bytes(message, type);
        byte[] line = new byte[text.Length + 1];
        text.CopyTo(line, 0);
        line[^1] = End;
        await stream.WriteAsync(line, cancellation);
    }

    /// <summary>Reads a message.</summary>
    /// <returns>Null at the end of the line.</returns>
    /// <exception cref="InvalidDataException">It is too long or none.</exception>
    /// <exception cref="IOException">The line is gone.</exception>
    public async Task<T?> ReadAsync<T>(JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : class
    {
        while (true)
        {
            int length = _buffer.AsSpan(_begin.._end).IndexOf(End);
            if (length >= 0)
            {
                T message = Parse(_buffer.AsSpan(_begin, length), type);
                _begin += length + 1;
                return message;
            }

            _buffer.AsSpan(_begin.._end).CopyTo(_buffer);
            (_begin, _end) = (0, _end - _begin);
            if (_end == _buffer.Length)
            {
                throw new InvalidDataException("A message on the line is too long.");
            }

            int count = await stream.ReadAsync(_buffer.AsMemory(_end), cancellation);
            if (count == 0)
            {
                return null;
            }

            _end += count;
        }
    }

    private static T Parse<T>(ReadOnlySpan<byte> text, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(text, type) ?? throw new InvalidDataException($"A message on the line is no {typeof(T).Name}.");
        }
        catch (JsonException invalid)
        {
            throw new InvalidDataException($"A message on the line is no {typeof(T).Name}.", invalid);
        }
    }
}
