using DigestStore.Identity;

namespace DigestStore.UnitTests.Identity;

internal static class RuleSets
{
    private const int Switches = 7;

    public static IReadOnlyList<IdentityRuleSet> EveryCombination { get; } =
        [.. Enumerable.Range(0, 1 << Switches).Select(static bits => new IdentityRuleSet(Options(bits)))];

    public static IdentityRuleSet AllOn => EveryCombination[^1];

    public static IdentityRuleSet AllOff => EveryCombination[0];

    public static string? Canonical(string? url, IdentityRuleSet? rules = null) =>
        (rules ?? IdentityRuleSet.Default).TryCanonicalize(url, out string? canonical, out _) ? canonical : null;

    public static StoreProblemReason? Defect(string? url) =>
        IdentityRuleSet.Default.TryCanonicalize(url, out _, out StoreProblemReason defect) ? null : defect;

    public static IdentityRuleSet AllOffBut(Action<UrlIdentityOptions> change)
    {
        UrlIdentityOptions options = Options(0);
        change(options);
        return new IdentityRuleSet(options);
    }

    public static UrlIdentityOptions Options(int bits) => new()
    {
        TreatHttpAsHttps = (bits & 1) != 0,
        DropWww = (bits & 2) != 0,
        DropTrailingSlash = (bits & 4) != 0,
        CollapseSlashes = (bits & 8) != 0,
        DropFragment = (bits & 16) != 0,
        DropTrackingParameters = (bits & 32) != 0,
        SortQuery = (bits & 64) != 0,
    };
}
