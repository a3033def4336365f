using DigestStore.Identity;
using static DigestStore.UnitTests.Identity.RuleSets;

namespace DigestStore.UnitTests.Identity;

public sealed class IdentityFingerprintTests
{
    [Fact]
    public void The_default_rules_are_their_version() => Assert.Equal("1", IdentityRuleSet.Default.Fingerprint);

    [Fact]
    public void Default_options_of_ones_own_have_the_same_fingerprint() => Assert.Equal("1", Of(new UrlIdentityOptions()));

    [Fact]
    public void Every_combination_of_switches_has_its_own() =>
        Assert.Equal(EveryCombination.Count, EveryCombination.Select(static rules => rules.Fingerprint).Distinct().Count());

    [Fact]
    public void Any_other_rules_are_the_version_and_eight_hex_digits() =>
        Assert.All(EveryCombination.SkipLast(1), static rules => Assert.Matches("^1-[0-9a-f]{8}$", rules.Fingerprint));

    [Fact]
    public void It_is_frozen()
    {
        Assert.Equal("1-86bbbf1c", AllOff.Fingerprint);
        Assert.Equal("1-61bb03c4", Of(new UrlIdentityOptions { AdditionalTrackingParameters = { "ref" }, KeptParameters = { "gclid" } }));
    }

    [Fact]
    public void Order_case_and_repetition_of_the_lists_do_not_matter() => Assert.Equal(
        Of(new UrlIdentityOptions { AdditionalTrackingParameters = { "ref", "cmp" }, KeptParameters = { "gclid", "fbclid" } }),
        Of(new UrlIdentityOptions { AdditionalTrackingParameters = { "CMP", "Ref", "cmp" }, KeptParameters = { "FBCLID", "gclid" } }));

    [Fact]
    public void A_name_more_or_elsewhere_is_another_one()
    {
        string[] fingerprints =
        [
            Of(new UrlIdentityOptions { AdditionalTrackingParameters = { "a" } }),
            Of(new UrlIdentityOptions { AdditionalTrackingParameters = { "a", "b" } }),
            Of(new UrlIdentityOptions { AdditionalTrackingParameters = { "a,b" } }),
            Of(new UrlIdentityOptions { AdditionalTrackingParameters = { "a,1:b" } }),
            Of(new UrlIdentityOptions { KeptParameters = { "gclid" } }),
            Of(new UrlIdentityOptions { KeptParameters = { "utm_source" } }),
        ];

        Assert.Distinct(fingerprints);
        Assert.DoesNotContain("1", fingerprints);
    }

    [Fact]
    public void A_name_that_changes_nothing_changes_no_fingerprint()
    {
        Assert.Equal("1", Of(new UrlIdentityOptions { AdditionalTrackingParameters = { "gclid", "utm_new" }, KeptParameters = { "q" } }));
        Assert.Equal("1", Of(new UrlIdentityOptions { AdditionalTrackingParameters = { "ref" }, KeptParameters = { "ref" } }));
    }

    private static string Of(UrlIdentityOptions options) => new IdentityRuleSet(options).Fingerprint;
}
