using System.Net;
using System.Security;
using System.Text.RegularExpressions;

namespace EmailDigest.Feeds;

/// <summary>Mends the commonest defects of feeds that are not well-formed: bare ampersands, HTML's entities, control characters.</summary>
internal static partial class XmlRepair
{
    public static string Repair(string xml) => Defect().Replace(xml, match => match.Groups["keep"].Success
        ? match.Value
        : match.Groups["name"].Success ? Entity(match.Value)
        : match.Value == "&" ? "&amp;"
        : "");

    private static string Entity(string reference)
    {
        if (reference is "&amp;" or "&lt;" or "&gt;" or "&quot;" or "&apos;")
        {
            return reference;
        }

        string text = WebUtility.HtmlDecode(reference);
        return text == reference ? "&amp;" + reference[1..] : SecurityElement.Escape(text);
    }

    [GeneratedRegex(
        """(?<keep><!\[CDATA\[.*?\]\]>|<!--.*?-->|&#(?:[0-9]+|x[0-9A-Fa-f]+);)|&(?<name>[A-Za-z][A-Za-z0-9]*);|&|[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]""",
        RegexOptions.Singleline | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Defect();
}
