using System.Text;
using DigestStore.Identity;
using FsCheck;
using FsCheck.Fluent;
using static DigestStore.UnitTests.Identity.RuleSets;

namespace DigestStore.UnitTests.Identity;

public sealed class UrlPropertyTests
{
    private static readonly Config Often = Config.QuickThrowOnFailure.WithMaxTest(2_000).WithQuietOnSuccess(true);
    private static readonly Config Slowly = Often.WithMaxTest(200);

    [Fact]
    public void Canonicalising_any_text_never_throws_and_any_result_is_an_ascii_fixed_point() =>
        Prop.ForAll(NastyUrls.Any.ToArbitrary(), Gen.Elements<IdentityRuleSet>(EveryCombination).ToArbitrary(), IsFixedPointOrRefused).Check(Often);

    [Fact]
    public void Every_combination_of_rules_gives_a_fixed_point() => Prop.ForAll(
        NastyUrls.Any.ToArbitrary(),
        static url => EveryCombination.All(rules => IsFixedPointOrRefused(url, rules))).Check(Slowly);

    [Fact]
    public void Every_spelling_of_a_page_is_that_page() => Prop.ForAll(
        Pages.Any.ToArbitrary(),
        Gen.Choose(0, int.MaxValue).ToArbitrary(),
        static (page, seed) => Canonical(page.Plain) == page.Plain && Canonical(page.Spelled(new Random(seed))) == page.Plain).Check(Often);

    [Fact]
    public void Two_pages_never_merge_under_any_rules() => Prop.ForAll(
        Pages.Any.ToArbitrary(),
        Pages.Any.ToArbitrary(),
        static (one, other) => one.Plain == other.Plain
            || (Canonical(one.Plain) != Canonical(other.Plain) && Canonical(one.Plain, AllOff) != Canonical(other.Plain, AllOff))).Check(Often);

    [Fact]
    public void A_url_that_one_rule_set_refuses_is_refused_by_all() => Prop.ForAll(
        NastyUrls.Any.ToArbitrary(),
        static url => Canonical(url) is not null || Canonical(url, AllOff) is null).Check(Often);

    internal static bool IsFixedPointOrRefused(string url, IdentityRuleSet rules) =>
        Canonical(url, rules) is not { } canonical
        || (Ascii.IsValid(canonical)
            && canonical.Length <= UrlCanonicalizer.MaxUrlLength + 2
            && canonical.StartsWith("http", StringComparison.Ordinal)
            && (canonical.Length > UrlCanonicalizer.MaxUrlLength || ReferenceEquals(Canonical(canonical, rules), canonical)));
}
