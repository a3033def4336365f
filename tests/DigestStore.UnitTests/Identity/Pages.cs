using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace DigestStore.UnitTests.Identity;

// A page in its canonical spelling, and the many others that mean the same.
internal sealed record Page(string Host, IReadOnlyList<string> Segments, IReadOnlyList<string> Parameters)
{
    public string Plain => $"https://{Host}/{string.Join('/', Segments)}{Query(Parameters)}";

    public string Spelled(Random random)
    {
        bool secure = random.Next(2) == 0;
        var url = new StringBuilder(secure ? "HttpS://" : "hTTp://");
        url.Append(random.Next(2) == 0 ? "www." : "").Append(random.Next(2) == 0 ? Host.ToUpperInvariant() : Host);
        url.Append(random.Next(3) switch { 0 => secure ? ":443" : ":80", 1 => ":", _ => "" });
        foreach (string segment in Segments)
        {
            url.Append(random.Next(4) switch { 0 => "//", 1 => "/./", 2 => "/x/%2e%2E/", _ => "/" }).Append(Escaped(segment, random));
        }

        url.Append(random.Next(3) switch { 0 => "/", 1 => "//.", _ => "" });
        string[] tracked = [.. Parameters.Select(parameter => Escaped(parameter, random)), "utm_source=a%20b", "FBCLID", ""];
        random.Shuffle(tracked);
        return url.Append(Query(tracked)).Append(random.Next(2) == 0 ? "#top" : "").ToString();
    }

    public override string ToString() => Plain;

    private static string Query(IReadOnlyList<string> parameters) => parameters.Count == 0 ? "" : "?" + string.Join('&', parameters);

    // "=" is no unreserved character: only letters and digits have an escape that means the same.
    private static string Escaped(string text, Random random) => string.Concat(
        text.Select(c => char.IsAsciiLetterOrDigit(c) && random.Next(5) == 0 ? $"%{(int)c:x2}" : c.ToString()));
}

internal static class Pages
{
    private static readonly Gen<string> Word = Gen.Elements("a", "b", "A", "news", "item", "x1", "-", "~u", "...", "index.html");

    public static Gen<Page> Any { get; } =
        from host in Gen.Elements("example.com", "a.example.com", "example.org", "xn--bcher-kva.example")
        from segments in Word.ListOf().Where(static list => list.Count < 5)
        from names in Gen.SubListOf("a", "aa", "b", "id", "q")
        from values in Gen.Elements("", "=", "=1", "=2", "=a+b").ListOf(names.Count)
        select new Page(host, [.. segments], [.. names.Order(StringComparer.Ordinal).Zip(values, static (name, value) => name + value)]);
}
