using System.Buffers;
using System.Text.Json;
using Carrel.Arm.Errors;
using Microsoft.AspNetCore.Http;

namespace Carrel.Arm.Pipeline;

/// <summary>Reads request bodies, bounded in length, depth and number of values.</summary>
internal static class ArmBody
{
    /// <summary>The target of errors about a body as a whole: there is no JSON path yet.</summary>
    internal const string Target = "body";

    internal const int DeepestNesting = 64;

    // A resource has some dozens. Each can be a finding of its own, so that four mebibytes of braces would be an answer of hundreds.
    internal const int MostValues = 10_000;

    /// <summary>Characters of one text. The longest with a meaning is a setup script of 64 KiB in base64 (contract 5.1).</summary>
    internal const int LongestText = 128 * 1024;

    internal static async Task<JsonElement> ReadAsync(HttpRequest request, int limit, CancellationToken cancellation)
    {
        if (request.ContentLength > limit)
            throw TooLarge(limit);
        var bytes = new ArrayBufferWriter<byte>();
        while (true)
        {
            int read = await ReadPieceAsync(request, bytes.GetMemory(16 * 1024), cancellation);
            if (read == 0)
                break;
            bytes.Advance(read);
            if (bytes.WrittenCount > limit)
                throw TooLarge(limit);
        }

        if (bytes.WrittenCount == 0)
            throw new ArmException(400, "InvalidRequestContent", "The request needs a JSON body; it has none.", Target);
        return Parse(bytes.WrittenMemory);
    }

    private static async ValueTask<int> ReadPieceAsync(HttpRequest request, Memory<byte> piece, CancellationToken cancellation)
    {
        try
        {
            return await request.Body.ReadAsync(piece, cancellation);
        }
        // The web server says so of a chunk whose size does not fit a number, and InvalidOperationException of a trailer that is no text; other
        // broken requests have an exception of their own.
        catch (Exception fault) when (fault is IOException and not BadHttpRequestException or InvalidOperationException)
        {
            throw new ArmException(400, "InvalidRequestContent", "The request body could not be read: " + fault.Message, Target);
        }
    }

    internal static string KindWord(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        JsonValueKind.Null => "null",
        _ => "an object",
    };

    private static JsonElement Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(SkipByteOrderMark(bytes), new JsonDocumentOptions { MaxDepth = DeepestNesting });
            int left = MostValues;
            RequireReadable(document.RootElement, Target, ref left);
            return document.RootElement.Clone();
        }
        catch (InvalidOperationException)
        {
            throw new ArmException(400, "InvalidRequestContent", "The request body holds text that is not valid Unicode: half a surrogate pair, or bytes that are not UTF-8.", Target);
        }
        catch (JsonException fault)
        {
            throw new ArmException(
                400, "InvalidRequestContent", $"The request body is not valid JSON (line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}).", Target);
        }
    }

    // The parser accepts texts and names that nobody can read later; that must be the caller's error and not ours.
    private static void RequireReadable(JsonElement element, string name, ref int left)
    {
        if (--left < 0)
            throw new ArmException(400, "InvalidRequestContent", $"The request body has more than {MostValues} values: objects, lists, texts, numbers and so on. Send fewer.", Target);
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty member in element.EnumerateObject())
                {
                    RequireReadable(member.Value, member.Name, ref left);
                }

                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in element.EnumerateArray())
                    RequireReadable(item, name, ref left);
                break;
            case JsonValueKind.String:
                if (element.GetString()!.Length > LongestText)
                    throw new ArmException(400, "InvalidRequestContent", $"A text of the request body is longer than {LongestText} characters: send a shorter one.", name);
                break;
        }
    }

    private static ReadOnlyMemory<byte> SkipByteOrderMark(ReadOnlyMemory<byte> bytes) =>
        bytes.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? bytes[3..] : bytes;

    private static ArmException TooLarge(int limit) =>
        new(413, "RequestBodyTooLarge", $"The request body is longer than {limit} bytes: send a shorter one.", Target);
}
