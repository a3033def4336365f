using System.Text.RegularExpressions;
using static DigestStore.ContractTests.Model.ModelDefect;

namespace DigestStore.ContractTests.Model;

// The quality of an input, counted anew for every source.
internal static partial class ModelQuality
{
    public static DigestQuality Of(
        IReadOnlyList<DigestItem?> items, DigestItemOutcome[] outcomes, Dictionary<int, StoreProblemReason> rejected, DateOnly date, DateTimeOffset now, ModelDefect defect)
    {
        int[] all = [.. Enumerable.Range(0, items.Count)];
        int[] present = [.. all.Where(index => items[index] is not null)];
        string[] names = [.. present.Select(index => Source(index)).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal)];
        HashSet<string> kept = [.. defect == TellsAllSourcesApart ? names : names.Take(QualityRules.MaxSources), ""];
        return Count(all) with
        {
            BySource = defect == TellsNoSourcesApart
                ? new Dictionary<string, DigestQuality>()
                : present.GroupBy(index => kept.Contains(Source(index)) ? Source(index) : QualityRules.OtherSources).ToDictionary(group => group.Key, Count),
        };

        string Source(int index) => string.IsNullOrWhiteSpace(items[index]!.Source)
            ? ""
            : items[index]!.Source![..Math.Min(items[index]!.Source!.Length, QualityRules.MaxSourceLength)];

        DigestQuality Count(IEnumerable<int> indexes)
        {
            int[] counted = [.. indexes];
            DigestItem[] given = [.. counted.Select(index => items[index]).OfType<DigestItem>()];
            return new DigestQuality
            {
                Items = given.Length,
                WithSummary = given.Count(item => !string.IsNullOrWhiteSpace(item.Summary)),
                WithAuthor = given.Count(item => !string.IsNullOrWhiteSpace(item.Author)),
                WithSource = given.Count(item => !string.IsNullOrWhiteSpace(item.Source)),
                WithPublishedAt = given.Count(item => item.PublishedAt is not null),
                Duplicates = defect == ForgetsDuplicates ? 0 : counted.Count(index => outcomes[index] == DigestItemOutcome.Duplicate),
                Defects = counted.Where(rejected.ContainsKey).CountBy(index => rejected[index]).ToDictionary(),
                Findings = given.SelectMany(item => defect == FindsNothingOdd ? [] : Findings(item, date, now)).CountBy(finding => finding).ToDictionary(),
            };
        }
    }

    private static IEnumerable<QualityFinding> Findings(DigestItem item, DateOnly date, DateTimeOffset now)
    {
        string title = item.Title ?? "";
        if (date.ToDateTime(default) - item.PublishedAt?.UtcDateTime > TimeSpan.FromDays(30))
        {
            yield return QualityFinding.Stale;
        }

        if (item.PublishedAt - now > TimeSpan.FromDays(1))
        {
            yield return QualityFinding.FutureDated;
        }

        if (title.Length > 0 && (title.Trim() == item.Url?.Trim() || Url().IsMatch(title)))
        {
            yield return QualityFinding.TitleIsUrl;
        }

        if (title.Count(char.IsUpper) >= 10 && !title.Any(char.IsLower))
        {
            yield return QualityFinding.TitleShouting;
        }

        if (Markup().IsMatch(title))
        {
            yield return QualityFinding.TitleHasMarkup;
        }
    }

    [GeneratedRegex(@"^\s*https?://\S+\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex Url();

    [GeneratedRegex(@"</?(a|b|br|em|i|p|span|strong)(\s[^<>]*=[^<>]*)?\s*/?>|&(amp|lt|gt|quot|nbsp|#\d+|#x[0-9a-fA-F]+);")]
    private static partial Regex Markup();
}
