using System.Globalization;
using DigestStore;

namespace ConsumerTests;

public sealed class DigestQualityTests
{
    [Fact]
    public void A_quality_can_be_made_by_hand()
    {
        var feed = new DigestQuality { Items = 2, WithSummary = 1, WithSource = 2, Duplicates = 1 };
        var quality = new DigestQuality
        {
            Items = 3,
            WithSummary = 2,
            WithSource = 2,
            Duplicates = 1,
            Findings = new Dictionary<QualityFinding, int> { [QualityFinding.Stale] = 2 },
            BySource = new Dictionary<string, DigestQuality> { ["A feed"] = feed },
        };

        StoreResult result = StoreResult.Create([DigestItemOutcome.Inserted], new StoreResultDetails { Quality = quality });

        Assert.Equal(2, result.Quality.Findings[QualityFinding.Stale]);
        Assert.Same(feed, result.Quality.BySource["A feed"]);
        Assert.Equal(1.0 / 3, result.Quality.Completeness, precision: 10);
    }

    [Fact]
    public void Its_text_is_one_line_of_counts_in_every_culture()
    {
        var quality = new DigestQuality
        {
            Items = 1_300,
            WithSummary = 1_300,
            WithAuthor = 1_300,
            WithSource = 1_300,
            WithPublishedAt = 1_299,
            Duplicates = 1_004,
            Findings = new Dictionary<QualityFinding, int> { [QualityFinding.TitleIsUrl] = 1, [QualityFinding.Stale] = 3 },
            Defects = new Dictionary<StoreProblemReason, int> { [StoreProblemReason.TitleMissing] = 1_200, [StoreProblemReason.UrlMissing] = 2 },
            BySource = new Dictionary<string, DigestQuality> { ["Secret feed"] = DigestQuality.None },
        };
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("ar-SA");

            Assert.Equal("99 % complete; findings: Stale 3, TitleIsUrl 1; rejected: UrlMissing 2, TitleMissing 1200; duplicates: 1004", quality.ToString());
            Assert.Equal("100 % complete", DigestQuality.None.ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
