using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace Carrel.Access.SignIn;

/// <summary>Finished HTML. The only way to make it from text encodes the text.</summary>
public sealed class Html
{
    private readonly string _text;

    private Html(string text) => _text = text;

    /// <summary>Nothing.</summary>
    public static Html Empty { get; } = new("");

    /// <summary>Makes HTML from a literal; every hole is encoded, unless it is HTML itself.</summary>
    public static Html Of(Writer writer) => new(writer.ToString());

    /// <summary>One after the other.</summary>
    public static Html Concat(IEnumerable<Html> parts) => new(string.Concat(parts.Select(part => part._text)));

    /// <inheritdoc/>
    public override string ToString() => _text;

    /// <summary>Encodes holes while the compiler fills the literal in.</summary>
    [InterpolatedStringHandler]
    public readonly struct Writer
    {
        private readonly StringBuilder _text;

        /// <summary>Called by the compiler.</summary>
        public Writer(int literalLength, int formattedCount) => _text = new StringBuilder(literalLength + formattedCount * 16);

        /// <summary>Called by the compiler.</summary>
        public void AppendLiteral(string literal) => _text.Append(literal);

        /// <summary>Called by the compiler: text is encoded.</summary>
        public void AppendFormatted(string? text) => _text.Append(HtmlEncoder.Default.Encode(text ?? ""));

        /// <summary>Called by the compiler: HTML stays.</summary>
        public void AppendFormatted(Html html) => _text.Append(html._text);

        /// <inheritdoc/>
        public override string ToString() => _text.ToString();
    }
}
