using DigestStore.Identity;
using DigestStore.Records;
using FsCheck;
using FsCheck.Fluent;
using static DigestStore.UnitTests.Identity.RuleSets;

namespace DigestStore.UnitTests.Identity;

public sealed class UrlWithoutTrackingTests
{
    private static readonly string[] Starts = ["https://example.com", "http://www.example.com", "HTTPS://Example.com:443", " https://b\u00fccher.example"];
    private static readonly string[] Paths = ["", "/", "/a", "/a/", "/a//b", "/%7ea", "/caf\u00e9"];
    private static readonly string[] Data = ["a", "b=2", "q=utm_source", "%61=1", "c=d=e", "utm", "ref=1", "n\u00e4ve=1"];
    private static readonly string[] Tracking = ["utm_source=mail", "UTM_x", "%75tm_source=1", "fbclid=a%26b", "gclid=", "mc_cid=1=2", "utm_=1"];
    private static readonly string[] Ends = ["", "#", "#top", "#top:~:text=a?utm_source=1&b", "#!/route?utm_source=1"];

    // What a URL is made of; which tracking parameters stand where is chosen when it is written.
    private sealed record Link(string Start, string Path, IReadOnlyList<string> Parameters, string End)
    {
        public string Plain => Text(Parameters);

        public string WithTracking(Random random) => Text([.. Parameters.SelectMany(parameter => Some(random).Append(parameter)), .. Some(random)]);

        private static IEnumerable<string> Some(Random random) => Enumerable.Range(0, random.Next(3)).Select(_ => Tracking[random.Next(Tracking.Length)]);

        private string Text(IReadOnlyList<string> parameters) => Start + Path + (parameters.Count == 0 ? "" : "?" + string.Join('&', parameters)) + End;
    }

    private static Gen<Link> AnyLink { get; } =
        from start in Gen.Elements(Starts)
        from path in Gen.Elements(Paths)
        from count in Gen.Choose(0, 3)
        from parameters in Gen.ArrayOf(Gen.Elements(Data), count)
        from end in Gen.Elements(Ends)
        select new Link(start, path, parameters, end);

    [Fact]
    public void Links_that_differ_only_in_tracking_parameters_have_one_text_and_one_hash() => Prop.ForAll(
        AnyLink.ToArbitrary(),
        Gen.Choose(0, int.MaxValue).ToArbitrary(),
        static (link, seed) =>
        {
            string spelled = link.WithTracking(new Random(seed));
            return Of(spelled) == link.Plain && Hash(spelled) == Hash(link.Plain) && Canonical(spelled) == Canonical(link.Plain);
        }).Check(Generate.Often);

    [Fact]
    public void Links_that_differ_in_anything_else_have_two_hashes() => Prop.ForAll(
        AnyLink.ToArbitrary(),
        AnyLink.ToArbitrary(),
        Gen.Choose(0, int.MaxValue).ToArbitrary(),
        static (one, other, seed) => (one.Plain == other.Plain) == (Hash(one.WithTracking(new Random(seed))) == Hash(other.WithTracking(new Random(seed + 1))))).Check(Generate.Often);

    [Fact]
    public void Of_any_text_it_is_a_fixed_point_and_a_url_stays_the_same_page() => Prop.ForAll(
        NastyUrls.Any.ToArbitrary(),
        Gen.Elements<IdentityRuleSet>(EveryCombination).ToArbitrary(),
        static (url, rules) =>
        {
            string text = UrlWithoutTracking.Of(url, rules.Tracking);

            // White space before a parameter that goes may come to the end of the text, where it is no part of a URL any more.
            bool isSamePage = url.Any(static character => character <= ' ') || Canonical(url, rules) is not { } page || Canonical(text, rules) == page;
            return UrlWithoutTracking.Of(text, rules.Tracking) == text && (rules.Tracking is not null || ReferenceEquals(text, url)) && isSamePage;
        }).Check(Generate.Often);

    [Theory]
    [InlineData("https://example.com/a", "https://example.com/a")]
    [InlineData("https://example.com/a?", "https://example.com/a")]
    [InlineData("https://example.com/a?utm_source=x", "https://example.com/a")]
    [InlineData("https://example.com?utm_source=x#a", "https://example.com#a")]
    [InlineData("https://example.com/a?&b&&utm_x&c&", "https://example.com/a?b&c")]
    [InlineData("https://example.com/a?b?utm_source=1", "https://example.com/a?b?utm_source=1")]
    [InlineData("https://example.com/a;utm_source=1?b", "https://example.com/a;utm_source=1?b")]
    [InlineData("https://example.com/a#?utm_source=1", "https://example.com/a#?utm_source=1")]
    [InlineData("https://example.com/a?utm_source \r\n", "https://example.com/a \r\n")]
    [InlineData(" https://example.com/a?utm_source\r\n", " https://example.com/a\r\n")]
    [InlineData("https://example.com/a?utm%5Fsource=x&b", "https://example.com/a?b")]
    [InlineData("https://example.com/a?utm%255Fsource=x&b", "https://example.com/a?utm%255Fsource=x&b")]
    [InlineData("https://example.com/a?b=1&amp;utm_source=x", "https://example.com/a?b=1&amp;utm_source=x")]
    public void Only_tracking_and_empty_parameters_go(string url, string expected) => Assert.Equal(expected, Of(url));

    [Fact]
    public void The_tracking_parameters_are_those_of_the_rules()
    {
        const string url = "https://example.com/a?ref=1&utm_source=2&na%C3%AFve=3&gclid=4";

        Assert.Equal(url, UrlWithoutTracking.Of(url, AllOff.Tracking));
        Assert.Equal(
            "https://example.com/a?gclid=4",
            UrlWithoutTracking.Of(url, new IdentityRuleSet(new UrlIdentityOptions { AdditionalTrackingParameters = { "REF", "na\u00efve" }, KeptParameters = { "gclid" } }).Tracking));
    }

    [Theory]
    [InlineData("https://example.com/a#b")]
    [InlineData("https://example.com/a?b=1&c=2#d")]
    [InlineData("https://example.com/a?%62=1")]
    public void A_url_without_tracking_parameters_is_not_copied(string url)
    {
        Assert.Same(url, Of(url));
        if (!url.Contains('%', StringComparison.Ordinal))
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            _ = Of(url);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    [Fact]
    public void A_url_of_any_length_is_taken() =>
        Assert.Equal("https://example.com/a?" + new string('b', 5_000), Of("https://example.com/a?utm_source=1&" + new string('b', 5_000)));

    private static string Of(string url) => UrlWithoutTracking.Of(url, IdentityRuleSet.Default.Tracking);

    private static string Hash(string url) => ContentHash.Of(UnitTests.Some.Clean(UnitTests.Some.Item() with { Url = url }));
}
