using System.Net;
using System.Xml;
using System.Xml.Linq;
using AngleSharp.Dom;
using AngleSharp.Html;
using AngleSharp.Html.Parser;
using AngleSharp.Html.Parser.Tokens;
using AngleSharp.Text;

namespace EmailDigest.Collect;

/// <summary>
/// The elements of an XML document, by AngleSharp's tokens, which take anything for what it most likely means: undeclared entities, stray
/// signs, missing ends. Names are in lower case; a namespace is the prefix as written, since feeds forget to declare them.
/// </summary>
internal sealed partial class XmlTree : IEntityProvider
{
    private const int MaxEntityDepth = 8;

    // No others are asked for, and an element may have thousands.
    private static readonly HashSet<string> Attributes = ["href", "rel", "type", "mode", "url", "version", "term", "label", "ispermalink", "xml:base"];
    private readonly XElement _document = new("document");
    private ILookup<string, string> _entities = Array.Empty<string>().ToLookup(name => name);
    private int _entityText;
    private int _defects;

    /// <returns><see langword="null"/> when there is no element at all.</returns>
    public static XElement? Read(string text, FeedProblems problems)
    {
        var tree = new XmlTree();
        XElement open = tree._document;
        try
        {
            tree.Build(tree.WithoutDocumentType(text), ref open);
            problems.AddIf(tree._defects > 0, $"malformed XML, mended in {tree._defects} places");
            problems.AddIf(open != tree._document, $"malformed XML: it ends within <{EntryText.Clean(open.Name.LocalName, 40)}>, and half an entry is left out", isLoss: true);
        }
        catch (FeedLimitException limit)
        {
            problems.AddIf(true, $"beyond a limit: {limit.Message}; what comes before is kept", isLoss: true);
        }

        // Half an entry may have half a link.
        open.AncestorsAndSelf().LastOrDefault(IsEntry)?.Remove();
        return tree._document.Elements().FirstOrDefault();
    }

    public static bool IsEntry(XElement element) => element.Name.LocalName is "item" or "entry";

    private void Build(string xml, ref XElement open)
    {
        int nodes = 0, depth = 0, entries = 0;
        using var source = new TextSource(xml);
        using var tokenizer = new HtmlTokenizer(source, (IEntityProvider)this) { IsAcceptingCharacterData = true };
        tokenizer.ShouldEmitAttribute = static (ref _, name) => Attributes.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name.Span);
        for (HtmlToken token = tokenizer.Get(); token.Type != HtmlTokenType.EndOfFile; token = tokenizer.Get())
        {
            FeedLimitException.Check(++nodes, FeedLimits.Nodes, "tags and texts");
            if (token.Type == HtmlTokenType.Character)
            {
                open.Add(new XText(Valid(token.Data))); // A string would be joined to the one before it, which takes the square of the time.
            }
            else if (token.Type == HtmlTokenType.StartTag)
            {
                var element = new XElement(NameOf(token.Name), token.AsTag().Attributes.Select(attribute => new XAttribute(NameOf(attribute.Name), Valid(attribute.Value))));
                FeedLimitException.Check(IsEntry(element) ? ++entries : 0, FeedLimits.Entries, "entries");
                open.Add(element);
                (open, depth) = token.AsTag().IsSelfClosing ? (open, depth) : (element, depth + 1);
                FeedLimitException.Check(depth, FeedLimits.Depth, "levels of nesting");
            }
            else if (token.Type == HtmlTokenType.EndTag)
            {
                // An end without a start counts for nothing; one of an element further out ends those within as well.
                XName name = NameOf(token.Name);
                XElement? ended = open.AncestorsAndSelf().FirstOrDefault(element => element.Name == name && element.Parent is not null);
                _defects += ended == open ? 0 : 1;
                open = ended?.Parent ?? open;
                depth = ended is null ? depth : open.AncestorsAndSelf().Count() - 1;
            }
        }
    }

    // The document type goes before the tokens are read: HTML has no entities of a document's own, and ends the type at the first ">".
    private string WithoutDocumentType(string text)
    {
        int start = text.IndexOf("<!DOCTYPE", StringComparison.OrdinalIgnoreCase);
        Match type = start < 0 ? Match.Empty : DocumentType().Match(text, start);
        _entities = Entity().Matches(type.Value).ToLookup(entity => entity.Groups["name"].Value + ";", entity => entity.Groups["value"].Value, StringComparer.Ordinal);
        return text.Remove(type.Index, type.Length);
    }

    /// <summary>The text of an entity, for the tokenizer: one of the document's own, or HTML's. Nothing of another file is ever read.</summary>
    /// <param name="name">With its semicolon; without one it is no reference in XML, and most likely part of a link.</param>
    string? IEntityProvider.GetSymbol(string name) => name.EndsWith(';') ? TextOf(name, 0) : null;

    private string? TextOf(string name, int depth)
    {
        if (_entities[name].FirstOrDefault() is not { } own)
        {
            return HtmlEntityProvider.Resolver.GetSymbol(name);
        }

        // Entities within entities multiply, and empty ones cost something too.
        _entityText += own.Length + 1;
        FeedLimitException.Check(depth < MaxEntityDepth ? _entityText : int.MaxValue, FeedLimits.EntityText, "characters from entities of its own");
        return Reference().Replace(own, inner => (inner.Value[1] == '#' ? WebUtility.HtmlDecode(inner.Value) : TextOf(inner.Value[1..], depth + 1)) ?? inner.Value);
    }

    private static string Valid(string text) => text.AsSpan().IndexOfAnyExceptInRange(' ', '\uD7FF') < 0 ? text : string.Concat(text.Where(code => XmlConvert.IsXmlChar(code) || char.IsSurrogate(code)));

    private static XName NameOf(string written)
    {
        int colon = written.LastIndexOf(':');
        return XName.Get(XmlConvert.EncodeLocalName(colon == written.Length - 1 ? "_" : written[(colon + 1)..])!, colon < 0 ? "" : XmlConvert.EncodeLocalName(written[..colon])!);
    }

    [GeneratedRegex(@"&(?:#[0-9]{1,9}|#[xX][0-9A-Fa-f]{1,8}|[A-Za-z_][\w.-]{0,40});", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Reference();

    [GeneratedRegex(@"\G<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", RegexOptions.Singleline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex DocumentType();

    [GeneratedRegex("""<!ENTITY\s+(?<name>[\w.-]+)\s+(?:"(?<value>[^"]*)"|'(?<value>[^']*)')\s*>""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Entity();
}
