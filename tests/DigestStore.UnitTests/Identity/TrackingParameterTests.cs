using DigestStore.Identity;
using static DigestStore.UnitTests.Identity.RuleSets;

namespace DigestStore.UnitTests.Identity;

public sealed class TrackingParameterTests
{
    public static TheoryData<string> KnownNames => [.. BuiltInTrackingParameters.Names, "utm_source", "utm_anything_else"];

    [Theory]
    [MemberData(nameof(KnownNames))]
    public void A_known_name_is_dropped_in_any_case_and_place(string name)
    {
        Assert.Equal("https://example.com/", Canonical($"https://example.com/?{name}=1"));
        Assert.Equal("https://example.com/?z=2", Canonical($"https://example.com/?{name.ToUpperInvariant()}&z=2"));
    }

    [Theory]
    [InlineData("ref")]
    [InlineData("source")]
    [InlineData("si")]
    [InlineData("page")]
    [InlineData("id")]
    [InlineData("share_id")]
    [InlineData("utm")]
    [InlineData("fbclidx")]
    public void A_name_that_can_mean_the_page_stays(string name) =>
        Assert.Equal($"https://example.com/?{name}=1", Canonical($"https://example.com/?{name}=1"));

    [Fact]
    public void A_known_name_in_a_value_is_data() =>
        Assert.Equal("https://example.com/?q=utm_source", Canonical("https://example.com/?q=utm_source"));

    [Fact]
    public void An_escaped_name_is_the_same_name() =>
        Assert.Equal("https://example.com/", Canonical("https://example.com/?%75tm%5Fsource=1"));

    [Fact]
    public void A_name_can_be_added_without_regard_to_case_and_escapes()
    {
        var options = new UrlIdentityOptions { AdditionalTrackingParameters = { "Ref", " na\u00efve ", "", null! } };

        Assert.Equal("https://example.com/?q=1", Canonical("https://example.com/?rEF=1&na%C3%AFve=2&q=1", new IdentityRuleSet(options)));
    }

    [Fact]
    public void A_kept_name_wins_over_every_list()
    {
        var options = new UrlIdentityOptions { AdditionalTrackingParameters = { "ref" }, KeptParameters = { "REF", "utm_campaign", "gclid" } };

        Assert.Equal(
            "https://example.com/?gclid=3&ref=1&utm_campaign=2",
            Canonical("https://example.com/?ref=1&utm_campaign=2&gclid=3&utm_source=4", new IdentityRuleSet(options)));
    }

    [Fact]
    public void A_rule_set_does_not_follow_later_changes_of_its_options()
    {
        var options = new UrlIdentityOptions();
        var rules = new IdentityRuleSet(options);
        options.AdditionalTrackingParameters.Add("ref");
        options.DropFragment = false;

        Assert.Equal("https://example.com/?ref=1", Canonical("https://example.com/?ref=1#a", rules));
        Assert.Equal("1", rules.Fingerprint);
    }

    [Fact]
    public void The_list_names_nothing_twice() =>
        Assert.Equal(BuiltInTrackingParameters.Names.Length, BuiltInTrackingParameters.Names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
}
