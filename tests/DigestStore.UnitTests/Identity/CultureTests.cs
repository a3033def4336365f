using System.Globalization;
using DigestStore.Identity;
using static DigestStore.UnitTests.Identity.RuleSets;

namespace DigestStore.UnitTests.Identity;

public sealed class CultureTests
{
    private static readonly string[] Urls =
    [
        "HTTPS://WWW.INFO.EXAMPLE/I?INDEX=1&I=2&UTM_ID=3&FBCLID=4&IGSHID=5",
        "http://\u0130STANBUL.example:8080/\u0131",
        "https://B\u00DCCHER.example:0080/?\u00fc=1&u=2&U=3",
        "https://[::FFFF:10.0.0.1]:8443/",
        "https://example.com/?z=1&\u0e01=2&%C3%A9=3",
        "https://example.com:\u06f8\u06f0/",
    ];

    [Theory]
    [InlineData("tr-TR")]
    [InlineData("th-TH")]
    [InlineData("ar-SA")]
    [InlineData("fa-IR")]
    [InlineData("sv-SE")]
    public void The_culture_of_the_process_changes_nothing(string name)
    {
        Assert.SkipWhen(
            CultureInfo.GetCultures(CultureTypes.AllCultures).Length < 2,
            "This process has no cultures: it runs with invariant globalisation.");
        string[] expected = In(CultureInfo.InvariantCulture);

        Assert.Equal(expected, In(CultureInfo.GetCultureInfo(name)));
    }

    private static string[] In(CultureInfo culture)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = culture;
        try
        {
            var options = new UrlIdentityOptions { AdditionalTrackingParameters = { "INDEX" } };
            var rules = new IdentityRuleSet(options);
            return
            [
                rules.Fingerprint,
                .. Urls.Select(url => $"{Canonical(url, rules)} {Defect(url)} {(DigestItemId.TryCreate(url, out DigestItemId id) ? id : default)}"),
            ];
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
