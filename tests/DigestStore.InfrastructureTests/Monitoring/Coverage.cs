using System.Globalization;
using System.Text.RegularExpressions;
using DigestStore.InfrastructureTests.Template;

namespace DigestStore.InfrastructureTests.Monitoring;

/// <summary>The other direction of drift: what the library emits, by its catalogue, and neither alarms nor dashboard nor queries look at.</summary>
/// <remarks>A unit test of the library compares the catalogue, docs/telemetry.md, with the code.</remarks>
internal static partial class Coverage
{
    public const string Catalogue = "docs/telemetry.md";

    /// <summary>What nothing looks at, on purpose: an instrument, an instrument and a tag, a value of it, or an event.</summary>
    public static readonly IReadOnlyDictionary<string, string> Reasons = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["digeststore.batch.size"] = "Sizes of batches are for tuning. What they come to is on the dashboard: the share of requests that were saved.",
        ["digeststore.requests.late operation"] = "They are rare enough for one line of all operations.",
        ["digeststore.requests status ok"] = "The dashboard has all requests of an operation, and beside them those that are not ok.",
        ["digeststore.read.duration operation probe"] = "A health check tells its own caller how it went.",
        ["digeststore.read.duration operation copy_from"] = "A copy is run by a person, who sees its result.",
        ["digeststore.read.duration operation copy_to"] = "A copy is run by a person, who sees its result.",
        ["digeststore.delivery.duration outcome"] = "The dashboard counts the outcomes of the attempts, and has the times of all deliveries.",
        ["digeststore.read.duration outcome ok"] = "The dashboard has the times of all reads, and counts those that are not ok.",
        ["db.client.operation.duration error.type"] = "The same words are the statuses of digeststore.requests, which are on the dashboard.",
        ["event 210"] = "Debug: it is not in a log of the usual level.",
        ["event 610"] = "Debug: it is not in a log of the usual level.",
        ["event 700"] = "A copy is run by a person, who sees its result.",
        ["event 701"] = "A copy is run by a person, who sees its result.",
        ["event 211"] = "Debug: a health check tells its own caller how it went.",
    };

    // Where the catalogue has the values of a tag.
    private static readonly Dictionary<string, string> Headings = new(StringComparer.Ordinal)
    {
        ["digeststore.store.items outcome"] = "### outcome of `digeststore.store.items`",
        ["digeststore.store.duration status"] = "### status of `digeststore.store.duration`",
        ["digeststore.read.duration operation"] = "### operation and outcome of `digeststore.read.duration`",
        ["digeststore.read.duration outcome"] = "### operation and outcome of `digeststore.read.duration`",
        ["digeststore.requests operation"] = "### operation of requests, retries, batches and capacity",
        ["digeststore.requests status"] = "### status, reason and error.type of requests and retries",
        ["digeststore.retries operation"] = "### operation of requests, retries, batches and capacity",
        ["digeststore.retries reason"] = "### status, reason and error.type of requests and retries",
        ["digeststore.consumed_capacity operation"] = "### operation of requests, retries, batches and capacity",
        ["digeststore.quality.defects reason"] = "### reason of `digeststore.quality.defects`",
        ["digeststore.quality.fields field"] = "### field of `digeststore.quality.fields`",
        ["digeststore.delivery.attempts outcome"] = "### outcome of `digeststore.delivery.attempts` and `digeststore.delivery.duration`",
        ["digeststore.dead_letters outcome"] = "### outcome of `digeststore.dead_letters`",
        ["db.client.operation.duration db.operation.name"] = "### operation of requests, retries, batches and capacity",
    };

    private static readonly string[] OfEveryMetric = ["table", "db.collection.name", "db.system.name"];

    /// <summary>Everything that the catalogue has, nothing shows and no reason excuses; and every reason that excuses nothing.</summary>
    public static IReadOnlyList<string> Problems(CloudFormationTemplate template, MarkdownPage catalogue)
    {
        MetricQuery[] shown = [.. Alarm.AllOf(template).SelectMany(static alarm => alarm.Queries), .. Dashboard.Of(template).Widgets.SelectMany(static widget => widget.Queries)];
        HashSet<int> asked = [.. SavedQuery.AllOf(template).SelectMany(static query => LogQuery.Parse(query.Query).EventIds)];
        List<string> hidden = [];
        foreach (string[] row in catalogue.Rows("## Instruments"))
        {
            if (!shown.Any(query => Names(query, row[0])))
            {
                hidden.Add(row[0]);
                continue;
            }

            foreach (string tag in CodeSpan().Matches($"`{row[3]}`").Select(static match => match.Groups["tag"].Value).Except(OfEveryMetric))
            {
                hidden.AddRange(HiddenValues(shown, row[0], tag, catalogue));
            }
        }

        hidden.AddRange(from row in catalogue.Rows("## Log events").Concat(catalogue.Rows("## Audit events")) where !asked.Contains(int.Parse(row[0], CultureInfo.InvariantCulture)) select $"event {row[0]}");
        return [.. hidden.Where(what => !Reasons.Keys.Any(reason => what == reason || what.StartsWith(reason + " ", StringComparison.Ordinal))), .. Reasons.Keys.Where(reason => !hidden.Any(what => what == reason || what.StartsWith(reason + " ", StringComparison.Ordinal))).Select(static reason => $"{reason} is shown and needs no reason")];
    }

    private static IEnumerable<string> HiddenValues(MetricQuery[] shown, string instrument, string tag, MarkdownPage catalogue)
    {
        string key = $"{instrument} {tag}";
        MetricQuery[] own = [.. shown.Where(query => Names(query, instrument))];
        if (!own.Any(query => TagsOf(query).Any(pair => pair.Name == tag)))
        {
            return [key];
        }

        string heading = Headings.GetValueOrDefault(key) ?? throw new InvalidDataException($"{nameof(Coverage)} does not know where {Catalogue} has the values of {key}. Add it to {nameof(Headings)}.");
        bool isOutcome = tag == "outcome";
        return from row in catalogue.Rows(heading)
               where !heading.Contains(" and ", StringComparison.Ordinal) || instrument != "digeststore.read.duration" || row[1].StartsWith("operation:", StringComparison.Ordinal) != isOutcome
               where !own.Any(query => Shows(query, tag, row[0]))
               select $"{key} {row[0]}";
    }

    private static bool Names(MetricQuery query, string instrument) =>
        query.Metric?.Name == instrument || Search(query)?.Words.Any(word => word is { Key: "MetricName", IsNegated: false } && word.Value == instrument) == true;

    // A search shows every value of a dimension, but for those that its words exclude, and none if its words are about another dimension: of an
    // operation that never fails, one for failures shows nothing.
    private static bool Shows(MetricQuery query, string tag, string value) => Search(query) is { } search
        ? search.DimensionNames.Contains(tag) && search.Words.All(word => word.Key == tag ? word.Value == value != word.IsNegated : word.Key == "MetricName" || OfEveryMetric.Contains(word.Key))
        : TagsOf(query).Contains((tag, value));

    private static IEnumerable<(string Name, string Value)> TagsOf(MetricQuery query) => Search(query) is { } search ? search.DimensionNames.Select(static name => (name, "")) : query.Metric?.Pairs ?? [];

    private static MetricSearch? Search(MetricQuery query) =>
        query.Expression is { } text && ExpressionParser.Parse(text) is Expression.Call { Function: "SEARCH" } call ? MetricSearch.Of(call) : null;

    [GeneratedRegex("`(?<tag>[a-z._]+)`", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex CodeSpan();
}
