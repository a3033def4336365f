using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DigestStore.Identity;

// A short text that stands for a set of identity rules. The header of a day stores it, so that the library notices when the rules have changed.
internal static class IdentityFingerprint
{
    // The version of the syntax rules and of the built-in list of tracking parameters. FrozenTablesTests fails when one of them changes without
    // a new version. If the options are not the default ones, a hyphen and a hash of the options follow the version.
    public const string Version = "1";

    private const int HashBytes = 4;

    private static readonly string DefaultText = Describe(IdentityRuleSet.Default);

    public static string Of(IdentityRuleSet rules)
    {
        string text = Describe(rules);
        return text == DefaultText ? Version : $"{Version}-{Hash(text)}";
    }

    private static string Describe(IdentityRuleSet rules) => string.Create(
        CultureInfo.InvariantCulture,
        $"https={rules.TreatHttpAsHttps} www={rules.DropWww} slash={rules.DropTrailingSlash} slashes={rules.CollapseSlashes} fragment={rules.DropFragment} sort={rules.SortQuery} tracking={rules.Tracking is not null} added={Names(rules.Tracking?.Added)} kept={Names(rules.Tracking?.Kept)}");

    // The length of each name is part of the text. Without it, one name with a comma in it would read like two names.
    private static string Names(IReadOnlyCollection<string>? names) => string.Join(
        ',',
        (names ?? []).Select(static name => name.ToLowerInvariant()).Order(StringComparer.Ordinal).Select(static name => $"{name.Length}:{name}"));

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, HashBytes));
}
