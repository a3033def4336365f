using System.Text.Json;
using DigestStore.Doctor;
using DigestStore.Identity;
using DigestStore.TestSupport;
using static DigestStore.UnitTests.Identity.RuleSets;

namespace DigestStore.UnitTests.Identity;

// 216 pairs of URLs collected from RFC 3986, the web platform tests, other canonicalisers and a real newsletter.
public sealed class UrlEquivalenceDataTests
{
    private const string FileName = "url_equivalence.json";
    private const string Same = "same";
    private const string Different = "different";
    private const string Refused = "refused";
    private const string NotMerged = "not merged";

    // One answer for all pairs of a rule; docs/identity.md has the same table with the reasons.
    private static readonly Dictionary<string, string> Answers = new(StringComparer.Ordinal)
    {
        ["ambiguous-param"] = Different,
        ["amp"] = Different,
        ["drop-port"] = Different,
        ["duplicate-slash"] = Same,
        ["empty-query"] = Same,
        ["empty-query-pair"] = Same,
        ["fragment"] = Same,
        ["hashbang"] = Different,
        ["html-entity-in-feed"] = Different,
        ["index-file"] = Different,
        ["index-file+fragment"] = Different,
        ["ipv6-form"] = Same,
        ["mobile-host"] = Different,
        ["normalize-url"] = Different,
        ["pct-sub-delims-in-path"] = Different,
        ["plus-vs-%20-in-query"] = Different,
        ["query-order"] = Same,
        ["scheme-http-https"] = Same,
        ["scheme-http-https+www"] = Same,
        ["scheme-less"] = Refused,
        ["scheme-less+tracking-param"] = Refused,
        ["scheme-less+www"] = Refused,
        ["text-fragment"] = Same,
        ["tracking-param"] = Same,
        ["tracking-param-site-specific"] = Different,
        ["trailing-slash"] = Same,
        ["userinfo+www"] = Refused,
        ["valueless-param"] = Different,
        ["whatwg-exotic"] = Same,
        ["whatwg-missing-slashes"] = Refused,
        ["whatwg-parsing"] = NotMerged,
        ["www"] = Same,
    };

    [Fact]
    public void Every_must_pair_holds_under_every_combination_of_rules()
    {
        List<string> broken =
        [
            .. from pair in Load("must")
               from rules in EveryCombination
               where !Holds(pair, rules)
               select $"{pair} under {rules.Fingerprint}",
        ];

        Assert.Empty(broken);
    }

    [Fact]
    public void Every_policy_rule_gets_its_one_answer() =>
        Assert.Empty(Load("policy").Where(static pair => !IsAnswered(pair, AnswerTo(pair))).Select(static pair => $"{pair}: {Canonical(pair.A)} {Canonical(pair.B)}"));

    [Fact]
    public void Every_tracking_name_of_three_lists_is_dropped() => Assert.All(
        Load("policy").Where(static pair => pair is { Rule: "tracking-param", Consensus: >= 3 }),
        static pair => Assert.Equal(Canonical(pair.B), Canonical(pair.A)));

    [Fact]
    public void The_documentation_gives_the_same_answers() => Assert.Equal(
        Answers.Select(static answer => $"{answer.Key}: {answer.Value}").Order(StringComparer.Ordinal),
        IdentityDocument.Table("| kind of difference |").Select(static row => $"{row[0]}: {row[1]}").Order(StringComparer.Ordinal));

    private static IReadOnlyList<Pair> Load(string kind)
    {
        string? path = RealData.Find(FileName);
        Assert.SkipWhen(path is null, RealData.Missing(FileName));
        using var document = JsonDocument.Parse(File.ReadAllText(path!));
        return [.. document.RootElement.GetProperty("cases").EnumerateArray().Where(pair => pair.GetProperty("class").GetString() == kind).Select(Pair.Read)];
    }

    private static bool Holds(Pair pair, IdentityRuleSet rules)
    {
        string? a = Canonical(pair.A, rules);
        string? b = Canonical(pair.B, rules);
        return pair.Verdict == Same
            ? a == b && (a is not null || pair.MayReject)
            : a != b || (a is null && pair.MayReject);
    }

    private static bool IsAnswered(Pair pair, string answer)
    {
        string? a = Canonical(pair.A);
        string? b = Canonical(pair.B);
        return answer switch
        {
            Same => a == b && a is not null,
            Different => a != b && a is not null && b is not null,
            Refused => a is null || b is null,
            _ => a is null || a != b,
        };
    }

    // A pair may touch a second rule, which then has the word: user information is refused, and routes are no fragments to drop.
    private static string AnswerTo(Pair pair) =>
        Defect(pair.A) == StoreProblemReason.UrlHasUserInfo ? Answers["userinfo+www"]
        : pair.A.Contains("#/", StringComparison.Ordinal) ? Answers["hashbang"]
        : Answers[pair.Rule];

    private sealed record Pair(string Id, string A, string B, string Verdict, string Rule, bool MayReject, int Consensus)
    {
        public static Pair Read(JsonElement json) => new(
            json.GetProperty("id").GetString()!,
            json.GetProperty("a").GetString()!,
            json.GetProperty("b").GetString()!,
            json.GetProperty("verdict").GetString()!,
            json.GetProperty("rule").GetString()!,
            json.TryGetProperty("may_reject", out JsonElement may) && may.GetBoolean(),
            json.TryGetProperty("consensus", out JsonElement consensus) ? consensus.GetInt32() : 0);
    }
}
