using System.Text;
using System.Text.RegularExpressions;

namespace EmailDigest.Tests.Support;

/// <summary>An independent little reader of MIME, strict where RFC 5322, 2045 and 2046 are.</summary>
internal sealed partial class Eml
{
    private Eml(Dictionary<string, string> headers, IReadOnlyList<Eml> parts, string text)
    {
        Headers = headers;
        Parts = parts;
        Text = text;
    }

    public Dictionary<string, string> Headers { get; }

    public IReadOnlyList<Eml> Parts { get; }

    public string Text { get; }

    public string ContentType => Headers["Content-Type"].Split(';')[0];

    public string Html => Parts.Single(part => part.ContentType == "text/html").Text;

    public string Plain => Parts.Single(part => part.ContentType == "text/plain").Text;

    public static Eml Load(string path)
    {
        string raw = Encoding.ASCII.GetString(File.ReadAllBytes(path));
        Assert.DoesNotContain("\n", raw.Replace("\r\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.All(raw.Split("\r\n"), line => Assert.InRange(line.Length, 0, 998));
        Assert.All(File.ReadAllBytes(path), value => Assert.InRange(value, (byte)1, (byte)127));
        return Parse(raw);
    }

    private static Eml Parse(string raw)
    {
        string[] halves = raw.Split("\r\n\r\n", 2);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string line in Folding().Replace(halves[0].TrimStart('\r', '\n'), " ").Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = line.Split(':', 2);
            headers.Add(pair[0], Decode(pair[1].Trim())); // Throws for a header that comes twice.
        }

        string type = headers["Content-Type"];
        if (!type.StartsWith("multipart/", StringComparison.Ordinal))
        {
            Assert.Contains("charset=utf-8", type, StringComparison.Ordinal);
            Assert.Equal("base64", headers["Content-Transfer-Encoding"]);
            return new Eml(headers, [], Encoding.UTF8.GetString(Convert.FromBase64String(halves[1])));
        }

        string boundary = "--" + Boundary().Match(type).Groups[1].Value;
        string[] pieces = halves[1].Split(boundary);
        Assert.StartsWith("--", pieces[^1], StringComparison.Ordinal);
        return new Eml(headers, [.. pieces[1..^1].Select(piece => Parse(piece["\r\n".Length..]))], "");
    }

    private static string Decode(string header) => EncodedWord().Replace(header, match => Encoding.UTF8.GetString(match.Groups[1].Value is "B" or "b"
        ? Convert.FromBase64String(match.Groups[2].Value)
        : Quoted(match.Groups[2].Value.Replace('_', ' '))));

    private static byte[] Quoted(string plain)
    {
        var bytes = new List<byte>();
        for (int index = 0; index < plain.Length; index++)
        {
            bytes.Add(plain[index] == '=' ? Convert.FromHexString(plain.AsSpan(index + 1, 2))[0] : (byte)plain[index]);
            index += plain[index] == '=' ? 2 : 0;
        }

        return [.. bytes];
    }

    [GeneratedRegex(@"\r\n[ \t]+")]
    private static partial Regex Folding();

    [GeneratedRegex("boundary=\"?([^\";]+)\"?")]
    private static partial Regex Boundary();

    [GeneratedRegex(@"=\?utf-8\?([BbQq])\?([^?]*)\?=(?:\s+(?==\?))?", RegexOptions.IgnoreCase)]
    private static partial Regex EncodedWord();
}
