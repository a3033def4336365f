using System.Globalization;
using DigestStore;
using EmailDigest.Feeds;
using Spectre.Console;

namespace EmailDigest.Output;

/// <summary>Says what happened, stage by stage. Warnings and errors are printed also when the rest is not.</summary>
internal sealed class Report
{
    private const int MaxProblemLines = 10;

    private readonly IAnsiConsole _loud;
    private readonly IAnsiConsole _out;

    public Report(IAnsiConsole console, JobOptions options)
    {
        _loud = console;
        _out = options.Quiet ? Terminal.Plain(TextWriter.Null) : console;
    }

    public IAnsiConsole Console => _out;

    public void Stage(int number, string name)
    {
        if (number > 1)
        {
            _out.WriteLine();
        }

        _out.MarkupLine($"[bold]{number}. {Markup.Escape(name)}[/]");
    }

    public void Line(string text) => _out.WriteLine("   " + text);

    public void Warning(string text) => _loud.Warning(text);

    public void Error(string text) => _loud.Error(text);

    /// <summary>The one line that a script wants.</summary>
    public void Result(string text) => _loud.WriteLine("   " + text);

    public void Feeds(IReadOnlyList<Feed> feeds)
    {
        foreach (Feed feed in feeds)
        {
            string name = HtmlText.Clean(feed.Name, 200);
            if (feed.Format == Feed.NoFormat)
            {
                Warning($"{name}: {string.Join("; ", feed.Problems)}");
                continue;
            }

            Line(Invariant($"{name}: {feed.Format}, {Count(feed.Items.Count, "entry", "entries")}"));
            foreach (string problem in feed.Problems)
            {
                Line("  - " + problem);
            }
        }

        Line(Invariant($"Collected {Count(feeds.Sum(feed => feed.Items.Count), "entry", "entries")} from {Count(feeds.Count, "feed", "feeds")}."));
    }

    public void Stored(StoreResult result, IReadOnlyList<DigestItem> items)
    {
        Line(Invariant($"{Words(result.Status)}: {result.Inserted} inserted, {result.Updated} updated, {result.Unchanged} unchanged, {result.Duplicates} duplicates, {result.Rejected} rejected, {result.Failed} failed."));

        // Requests that stored nothing saved nothing.
        string saved = result.Status == StoreStatus.Stored && result.RequestsSaved > 0 ? Invariant($"{result.RequestsSaved:P0} saved, ") : "";
        Line(Invariant($"{Count(result.Requests, "request", "requests")} for {Count(result.Received, "item", "items")} ({saved}{Count(result.Retries, "retry", "retries")}), {result.WriteUnits:0.#} write and {result.ReadUnits:0.#} read units, {result.Duration.TotalMilliseconds:N0} ms."));

        if (result.Quality.Findings.Count > 0)
        {
            Line(Invariant($"Quality: {result.Quality.Completeness:P0} complete; {string.Join(", ", result.Quality.Findings.OrderBy(finding => finding.Key).Select(finding => Describe(finding.Key, finding.Value)))}."));
        }

        if (result.DeadLettered > 0)
        {
            Line(Invariant($"{Count(result.DeadLettered, "item is", "items are")} kept as dead letters; the next run that reaches the database stores them."));
        }

        IGrouping<(StoreProblemReason Reason, string Message), StoreProblem>[] groups =
        [
            .. result.Problems
                .GroupBy(problem => (problem.Reason, problem.Message))
                .OrderBy(group => group.First().Outcome == DigestItemOutcome.Rejected), // What failed is the news.
        ];
        foreach (IGrouping<(StoreProblemReason Reason, string Message), StoreProblem> group in groups.Take(MaxProblemLines))
        {
            Line("  - " + Describe([.. group], items));
        }

        if (groups.Length > MaxProblemLines)
        {
            Line(Invariant($"  - … and {groups.Length - MaxProblemLines} other kinds of problem"));
        }
    }

    /// <summary>What the log and the spans of this call are found by.</summary>
    public void Traced(StoreResult result, IReadOnlyDictionary<string, int> retries, string caller)
    {
        if (retries.Count > 0)
        {
            Line($"Repeated requests, by what was wrong with the one before: {string.Join(", ", retries.Select(retry => Invariant($"{retry.Value} {retry.Key}")))}.");
        }

        Line($"Caller {caller}, correlation id {result.CorrelationId}.");
    }

    public void Replayed(DeadLetterReplayResult result)
    {
        if (result.Letters > 0)
        {
            Line(Invariant($"{Count(result.Letters, "item", "items")} of earlier runs replayed: {result.Stored} stored, {result.Superseded} superseded by newer content, {result.Rejected} rejected, {result.Kept} kept."));
        }
    }

    private static string Describe(QualityFinding finding, int count) => finding switch
    {
        QualityFinding.Stale => Invariant($"{count:N0} stale"),
        QualityFinding.FutureDated => Invariant($"{count:N0} dated in the future"),
        QualityFinding.TitleIsUrl => Count(count, "title is a URL", "titles are URLs"),
        QualityFinding.TitleShouting => Count(count, "title shouts", "titles shout"),
        QualityFinding.TitleHasMarkup => Count(count, "title has markup", "titles have markup"),
        _ => Invariant($"{count:N0} {finding}"),
    };

    private static string Describe(IReadOnlyList<StoreProblem> alike, IReadOnlyList<DigestItem> items)
    {
        StoreProblem first = alike[0];
        string what = $"{first.Reason}: {first.Message}";
        if (first.Index is not { } index || index >= items.Count)
        {
            return what;
        }

        string which = HtmlText.Clean(string.IsNullOrWhiteSpace(items[index].Title) ? items[index].Url : items[index].Title, 50);
        string named = Invariant($"item {index + 1}{(which.Length > 0 ? $" “{which}”" : "")}");
        return alike.Count == 1 ? $"{named}: {what}" : $"{Count(alike.Count, "item", "items")}, among them {named}: {what}";
    }

    public static string Words(StoreStatus status) => status switch
    {
        StoreStatus.Stored => "Stored",
        StoreStatus.PartiallyStored => "Partially stored",
        StoreStatus.Disabled => "Switched off",
        _ => "Not stored",
    };

    public static string Count(int count, string one, string many) => Invariant($"{count:N0} {(count == 1 ? one : many)}");

    private static string Invariant(FormattableString text)
    {
        // The invariant culture writes "97 %".
        return text.ToString(CultureInfo.InvariantCulture);
    }
}
