using System.Xml;
using System.Xml.Linq;

namespace EmailDigest.Feeds;

/// <summary>The parts of an XML feed, up to the first error.</summary>
internal sealed class XmlEntries
{
    private const int MaxEntries = 100_000;

    /// <summary>Prefixes that feeds use, also where they forget to declare them.</summary>
    private static readonly (string Prefix, string Namespace)[] Prefixes =
    [
        ("atom", "http://www.w3.org/2005/Atom"),
        ("content", "http://purl.org/rss/1.0/modules/content/"),
        ("dc", "http://purl.org/dc/elements/1.1/"),
        ("dcterms", "http://purl.org/dc/terms/"),
        ("feedburner", "http://rssnamespace.org/feedburner/ext/1.0"),
        ("itunes", "http://www.itunes.com/dtds/podcast-1.0.dtd"),
        ("media", "http://search.yahoo.com/mrss/"),
        ("slash", "http://purl.org/rss/1.0/modules/slash/"),
        ("sy", "http://purl.org/rss/1.0/modules/syndication/"),
        ("thr", "http://purl.org/syndication/thread/1.0"),
        ("wfw", "http://wellformedweb.org/CommentAPI/"),
    ];

    private readonly List<XElement> _entries = [];
    private readonly List<XElement> _head = [];
    private readonly List<string> _bases = [];
    private bool _inFeed;

    /// <summary>The document's element with its attributes, without what is in it.</summary>
    public XElement? Root { get; private set; }

    public IReadOnlyList<XElement> Entries => _entries;

    /// <summary>What is said about the feed as a whole.</summary>
    public IReadOnlyList<XElement> Head => _head;

    /// <summary>The <c>xml:base</c> of the document's element and of the channel.</summary>
    public IReadOnlyList<string> Bases => _bases;

    /// <summary>How many entries were within others.</summary>
    public int Nested { get; private set; }

    /// <summary>The name of the element around the feed, where there is one.</summary>
    public string? Wrapper { get; private set; }

    public string? Error { get; private set; }

    public static XmlEntries Read(string xml)
    {
        var read = new XmlEntries();
        try
        {
            using XmlReader reader = Open(xml);
            read.ReadAll(reader);
        }
        catch (XmlException error)
        {
            read.Error = HtmlText.Clean(error.Message, 160);
        }

        return read;
    }

    private static XmlReader Open(string xml)
    {
        var names = new NameTable();
        var namespaces = new XmlNamespaceManager(names);
        foreach ((string prefix, string name) in Prefixes)
        {
            namespaces.AddNamespace(prefix, name);
        }

        var settings = new XmlReaderSettings
        {
            NameTable = names,
            // Nothing outside the document is fetched and no entity of its own is expanded.
            DtdProcessing = DtdProcessing.Ignore,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            CloseInput = true,
        };
        return XmlReader.Create(new StringReader(xml), settings, new XmlParserContext(names, namespaces, "", XmlSpace.None));
    }

    private void ReadAll(XmlReader reader)
    {
        reader.Read();
        while (!reader.EOF && _entries.Count < MaxEntries)
        {
            if (reader.NodeType != XmlNodeType.Element)
            {
                reader.Read();
            }
            else if (!_inFeed)
            {
                // Some servers wrap the feed into a page.
                _inFeed = reader.LocalName is "rss" or "RDF" or "feed";
                Wrapper = _inFeed ? Root?.Name.LocalName : null;
                Root = _inFeed || Root is null ? Shallow(reader) : Root;
                NoteBase(reader);
                reader.Read();
            }
            else if (IsEntry(reader.LocalName))
            {
                // On an error within the entry it is not added: half an entry may have half a link.
                AddEntry((XElement)XNode.ReadFrom(reader));
            }
            else if (reader.LocalName == "channel")
            {
                NoteBase(reader);
                reader.Read();
            }
            else
            {
                _head.Add((XElement)XNode.ReadFrom(reader));
            }
        }
    }

    // Entries within entries are against the rules and exist; each counts, and is judged, for itself.
    private void AddEntry(XElement entry)
    {
        XElement[] nested = [.. entry.Elements().Where(part => part.Name == entry.Name)];
        _entries.Add(entry);
        foreach (XElement inner in nested)
        {
            inner.Remove();
            _entries.Add(inner);
            Nested++;
        }
    }

    private static bool IsEntry(string name) => name is "item" or "entry";

    private static XElement Shallow(XmlReader reader)
    {
        var element = new XElement(XName.Get(reader.LocalName, reader.NamespaceURI));
        if (reader.GetAttribute("version") is { } version)
        {
            element.SetAttributeValue("version", version);
        }

        return element;
    }

    private void NoteBase(XmlReader reader)
    {
        if (reader.GetAttribute("base", XNamespace.Xml.NamespaceName) is { Length: > 0 } @base)
        {
            _bases.Add(@base);
        }
    }
}
