using System.Text.Json.Nodes;
using Carrel.Conformance.Clients;

namespace Carrel.Conformance.Examples;

/// <summary>A published example: the parameters of a request, and the answers it may get.</summary>
internal sealed class PublishedExample
{
    private readonly JsonNode _document;

    private PublishedExample(JsonNode document) => _document = document;

    /// <summary>Version of the API that the example is for.</summary>
    public string ApiVersion => _document["parameters"]!["api-version"]!.GetValue<string>();

    /// <summary>Reads a file of <c>examples/</c>, its placeholders replaced.</summary>
    /// <param name="file">Its path below <c>examples/</c>.</param>
    /// <param name="placeholders">Text for text; nothing else in the file changes.</param>
    public static PublishedExample Read(string file, IReadOnlyDictionary<string, string> placeholders)
    {
        string text = File.ReadAllText(Path.Combine(ClientProgram.Folder, "examples", file));
        foreach ((string placeholder, string own) in placeholders)
            text = text.Replace(placeholder, own, StringComparison.Ordinal);
        return new PublishedExample(JsonNode.Parse(text)!);
    }

    /// <summary>The body that the example sends, under its parameter's name.</summary>
    public JsonNode Body(string parameter = "parameters") => _document["parameters"]![parameter]!;

    /// <summary>Whether an answer's status is one of the example's.</summary>
    public bool Answers(int status) => Answer(status) is not null;

    /// <summary>Body of the example's answer of a status; null when it has none.</summary>
    public JsonNode? AnswerBody(int status) => Answer(status)?["body"];

    /// <summary>Headers of the example's answer of a status.</summary>
    public IEnumerable<string> AnswerHeaders(int status) => Answer(status)?["headers"]?.AsObject().Select(header => header.Key) ?? [];

    private JsonNode? Answer(int status) => _document["responses"]![status.ToString(System.Globalization.CultureInfo.InvariantCulture)];
}
