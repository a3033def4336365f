using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DigestStore.Identity;
using DigestStore.Quality;
using DigestStore.Storing;
using static DigestStore.UnitTests.Identity.RuleSets;

namespace DigestStore.UnitTests.Identity;

// Every table that ids, content hashes or outcomes depend on, pinned by the SHA-256 of all its entries beside the version that it
// belongs to. Where a table is private, its entries are what it answers for every character.
public sealed class FrozenTablesTests
{
    private const string None = "-";

    // By version of the identity rules. The entries of a version never change; a new version adds its own.
    private static readonly Dictionary<string, Dictionary<string, string>> IdentityPins = new(StringComparer.Ordinal)
    {
        ["1"] = new(StringComparer.Ordinal)
        {
            ["tracking parameters"] = "296fd7ae46717b4b4ce9cb59cde7e74b6dd7485f6f9b0f1976ed6a0590dba3cd",
            ["switches and their defaults"] = "0bac1c186bc3ec5674587a39cf1728d76c61a67cd6642392a9367bdc1777d357",
            ["lower-case letters"] = "85876952ed5a21634bff485872b7a6a190bfad6428e746a5d53bb1246f30e032",
            ["host mapping"] = "2fdf17cd89c3346eb0f8692ed1ac12c4abe21261773a01d171ad0a03b07032b0",
            ["host characters"] = "ae5677304a55de443b7e8745a5921209495a05c296e030027a8a472183ffb9aa",
            ["Punycode"] = "32e3f5bea5043ef750f47b9be84b870cd96ce0184ee2d24867efa88013f5d9f3",
            ["www. prefix"] = "f7240995c61205323f0de4262a95a96b062394a640c5d046e61a9dda1b1a53e7",
            ["scheme characters and schemes"] = "70b1b5ab08a48ee802fe33c5076ac007cee176e143b42fadb1556fae8c1c80cd",
            ["default ports"] = "f3f96df2ddfe0e7a7bcd61ef74908df85f62160c4357254d9fb99022916ef3b5",
            ["percent-encoding"] = "79f0297e1a95a66a6bd2763a9ab49bc9a8de7f784a22283160f16f015170cad1",
            ["trimmed characters"] = "3634453e00a5ce589273478fd29e19eeced9b23ef7fb8ab72cc68924d8ecf636",
            ["fragments that are routes"] = "194de94e4c1e0799329b4810c8e0d1848ed5e827be51a41938a67e7e61af97eb",
            ["lengths"] = "a82f4a7d123ce49358820d08ab11aba001f00101a6664a31b4c0c310cad90dee",
        },
    };

    // These have no version, since they are neither stored nor part of an id.
    private static readonly Dictionary<string, string> OtherPins = new(StringComparer.Ordinal)
    {
        ["invisible characters"] = "2608727d3e80802625c9606e611d07db541875deb1b1fb170659afc19f8256e3",
        ["names of HTML elements"] = "b88a0760c8255922b70a57b24cc85134d4201329a9645e04f58a0d11547e8593",
        ["names of HTML characters"] = "bd3125f9834e93cfe970beb27c2cfd99246f7d72c6b91f74cd52a7108684bbb7",
    };

    private static readonly Dictionary<string, Func<IEnumerable<string>>> IdentityTables = new(StringComparer.Ordinal)
    {
        ["tracking parameters"] = static () => BuiltInTrackingParameters.Names.Order(StringComparer.Ordinal).Prepend(TrackingParameters.Prefix + "*"),
        ["switches and their defaults"] = static () => typeof(UrlIdentityOptions).GetProperties().OrderBy(static property => property.Name, StringComparer.Ordinal)
            .Select(static property => $"{property.Name} {(property.GetValue(new UrlIdentityOptions()) is bool isOn ? isOn : "list")}"),
        ["lower-case letters"] = static () => EveryRune().Where(static rune => LowerCaseTable.Lower(rune.Value) != rune.Value).Select(static rune => $"{rune.Value:X} {LowerCaseTable.Lower(rune.Value):X}"),
        ["host mapping"] = static () => EveryRune().Select(static rune => HostMapping.IsForbidden(rune) ? $"{rune.Value:X} forbidden" : HostMapping.IsIgnored(rune) ? $"{rune.Value:X} ignored" : HostMapping.Map(rune) == rune ? None : $"{rune.Value:X} {HostMapping.Map(rune).Value:X}"),
        ["host characters"] = static () => EveryAscii().Select(static c => Canonical($"https://a{c}b/", AllOff) ?? None),
        ["Punycode"] = static () => Labels().Select(static label => Canonical($"https://{label}/", AllOff) ?? None),
        ["www. prefix"] = static () => ((string[])["www.a.b", "www.a", "www.www.a.b", "www..a.b", "www.1.2", "www.1.2.", "wwww.a.b", "ww.a.b", "web.a.b", "m.a.b", "WWW.a.b", "www.a.b."])
            .Select(static host => Canonical($"https://{host}/") ?? None),
        ["scheme characters and schemes"] = static () => EveryAscii().Select(static c => $"{Defect($"h{c}p://a/")} {Defect($"{c}://a/")}")
            .Concat(((string[])["http", "https", "HTTP", "HttpS", "ftp", "file", "mailto", "javascript", "data", "ws", "wss", "feed"]).Select(static scheme => Canonical($"{scheme}://a/") ?? None)),
        ["default ports"] = static () => Enumerable.Range(0, 65_537).Select(static port => $"{Canonical($"http://a:{port}/", AllOff) ?? None} {Canonical($"https://a:{port}/", AllOff) ?? None}"),
        ["percent-encoding"] = static () => Enumerable.Range(0, 256).Select(static octet => $"%{octet:X2}").Concat(EveryAscii().Select(static c => c.ToString())).Append("\u0080").Append("\uffff").Append("\U0010ffff")
            .Select(static text => $"{Canonical($"https://a/x{text}y", AllOff)} {Canonical($"https://a/?x{text}y", AllOff)} {Canonical($"https://a/#x{text}y", AllOff)}"),
        ["trimmed characters"] = static () => Enumerable.Range(0, 0x10000).Where(static value => !char.IsSurrogate((char)value)).Select(static value => Canonical($"{(char)value}https://a/{(char)value}", AllOff) ?? None),
        ["fragments that are routes"] = static () => EveryAscii().Select(static c => Canonical($"https://a/#{c}") ?? None),
        ["lengths"] = static () => Enumerable.Range(2_040, 20).Select(static length => $"{length} {Canonical("https://a/".PadRight(length, 'a'))?.Length} {Canonical("http://a?".PadRight(length, 'a'))?.Length} {Canonical($"https://{new string('\u00fc', length - 1_980)}/")?.Length}"),
    };

    private static readonly Dictionary<string, Func<IEnumerable<string>>> OtherTables = new(StringComparer.Ordinal)
    {
        ["invisible characters"] = static () => Enumerable.Range(0, 0x110000).Where(BlankText.IsBlank).Select(static value => value.ToString("X", CultureInfo.InvariantCulture)),
        ["names of HTML elements"] = static () => HtmlNames.ElementNames.Split(' ').Order(StringComparer.Ordinal),
        ["names of HTML characters"] = static () => HtmlNames.CharacterNames.Split(' ').Order(StringComparer.Ordinal),
    };

    public static TheoryData<string> IdentityNames => [.. IdentityTables.Keys];

    public static TheoryData<string> OtherNames => [.. OtherTables.Keys];

    [Theory]
    [MemberData(nameof(IdentityNames))]
    public void A_table_of_the_identity_rules_changes_only_with_their_version(string table)
    {
        Assert.True(
            IdentityPins.TryGetValue(IdentityFingerprint.Version, out Dictionary<string, string>? pins) && pins.ContainsKey(table),
            $"Version {IdentityFingerprint.Version} of the identity rules has no pin for '{table}'. Add one beside those of the versions before, which stay.");
        Assert.True(
            Hash(IdentityTables[table]()) == pins[table],
            $"The table '{table}' has changed, and with it the ids of URLs that are stored. Undo the change; or make a new version of the identity rules: count {nameof(IdentityFingerprint)}.{nameof(IdentityFingerprint.Version)} up, keep what reads version {IdentityFingerprint.Version}, say so in docs/identity.md, and pin the hash {Hash(IdentityTables[table]())} beside the new version.");
    }

    [Theory]
    [MemberData(nameof(OtherNames))]
    public void A_table_without_a_version_changes_only_on_purpose(string table) => Assert.True(
        Hash(OtherTables[table]()) == OtherPins[table],
        $"The table '{table}' has changed, and with it what items are told. Undo the change; or tell it in docs/results.md and CHANGELOG.md, and pin the hash {Hash(OtherTables[table]())}.");

    [Fact]
    public void Every_pin_has_its_table()
    {
        Assert.All(IdentityPins.Values, static pins => Assert.Equal(IdentityTables.Keys.Order(), pins.Keys.Order()));
        Assert.Equal(OtherTables.Keys.Order(), OtherPins.Keys.Order());
    }

    // A table is as good as its hash only if no entry is without effect on it.
    [Fact]
    public void Dropping_any_one_entry_changes_the_hash()
    {
        foreach (string table in (string[])["tracking parameters", "lower-case letters"])
        {
            string[] entries = [.. IdentityTables[table]()];
            Assert.Equal(entries.Length + 1, Enumerable.Range(0, entries.Length).Select(dropped => Hash(entries.Where((_, index) => index != dropped))).Append(Hash(entries)).Distinct().Count());
        }
    }

    private static IEnumerable<Rune> EveryRune() => Enumerable.Range(0, 0x110000).Where(Rune.IsValid).Select(static value => new Rune(value));

    private static IEnumerable<char> EveryAscii() => Enumerable.Range(0, 0x80).Select(static value => (char)value);

    // Of one character each and of many, in the order and the distances that Punycode's parameters tell apart.
    private static IEnumerable<string> Labels()
    {
        string letters = "abcdefghijklmnopqrstuvwxyz0123456789\u00e4\u00f6\u00fc\u00ff\u0101\u0142\u0259\u03b1\u03c9\u0431\u044f\u05d0\u0627\u0e01\u3042\u30a2\u4e00\u4f60\u597d\uac00";
        for (int length = 1; length <= 66; length++)
        {
            for (int step = 1; step < letters.Length; step++)
            {
                yield return string.Concat(Enumerable.Range(0, length).Select(index => letters[((index * step) + length) % letters.Length]));
            }
        }

        yield return "\U0001f4a9\U0001f600a\U0010fffd";
        yield return "xn--\u00fc";
    }

    private static string Hash(IEnumerable<string> entries)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string entry in entries)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(entry + "\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
