using System.Text.Json.Nodes;
using Carrel.Cli.Output;
using Shouldly;
using Xunit;

namespace Carrel.Cli.Tests.Output;

public sealed class TextTests
{
    private static JsonNode Node(string json) => JsonNode.Parse(json)!;

    [Fact]
    public void Tsv_follows_az_for_lists_maps_and_nothing() =>
        TsvText.Write(Node("""[{"a":"x","b":[1,2],"c":{"d":1},"e":null,"f":true,"g":1.5}]""")).ShouldBe("x\t2\t\tNone\ttrue\t1.5\n");

    [Fact]
    public void A_table_pads_its_columns_and_shows_no_control_characters() =>
        TableText.Write([Node("""{"a":"x\u001b[2J","b":{"c":5}}""").AsObject()], [new("A", "a"), new("B", "b.c")]).ShouldBe("A      B\n-----  -\nx [2J  5\n");

    [Theory]
    [InlineData("\u202e", "a right-to-left override")]
    [InlineData("\u2066", "an isolate")]
    [InlineData("\u200b", "a zero-width space")]
    [InlineData("\u200d", "a zero-width joiner")]
    [InlineData("\ufeff", "a byte order mark")]
    [InlineData("\u2028", "a line separator")]
    [InlineData("\u0085", "a control character of the second range")]
    [InlineData("\U000E0041", "a tag")]
    public void Names_cannot_hide_letters_or_change_direction(string letter, string what)
    {
        var row = new JsonObject { ["a"] = $"x{letter}y" };
        TableText.Write([row], [new("A", "a")]).ShouldBe("A\n---\nx y\n", what);
        TsvText.Write(row).ShouldBe("x y\n", what);
        JsonNode.Parse(JsonText.Pretty(row))!["a"]!.ToString().ShouldBe($"x{letter}y", "JSON keeps what is there");
    }

    [Fact]
    public void Letters_of_every_script_are_shown() => TsvText.Write(new JsonObject { ["a"] = "Zoë 安 עברית 😀" }).ShouldBe("Zoë 安 עברית 😀\n");

    [Fact]
    public void An_empty_table_has_its_headings() => TableText.Write([], [new("A", "a")]).ShouldBe("A\n-\n");

    [Theory]
    [InlineData("\"no\"", "'no'")]
    [InlineData("\"2021-03-10T21:21:07\"", "'2021-03-10T21:21:07'")]
    [InlineData("\"30\"", "'30'")]
    [InlineData("\"\"", "''")]
    [InlineData("\"plain text\"", "plain text")]
    [InlineData("30", "30")]
    [InlineData("null", "null")]
    public void Yaml_quotes_text_that_would_be_read_as_something_else(string json, string yaml) =>
        YamlText.Write(new JsonObject { ["k"] = Node($"[{json}]")[0]?.DeepClone() }).ShouldBe($"k: {yaml}\n");

    [Fact]
    public void Json_keeps_letters_and_order() => JsonText.Pretty(Node("""{"z":"é","a":[]}""")).ShouldBe("{\n  \"z\": \"é\",\n  \"a\": []\n}");
}
