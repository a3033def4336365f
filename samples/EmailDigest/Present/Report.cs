using System.Diagnostics;
using Spectre.Console;

namespace EmailDigest.Present;

/// <summary>Says what happened, stage by stage. Warnings and errors are printed also when the rest is not.</summary>
internal sealed class Report(Terminal terminal, JobOptions options)
{
    private const int MaxProblemLines = 10;
    private readonly IAnsiConsole _out = options.Quiet ? Terminal.Plain(TextWriter.Null) : terminal.Out;

    public void Stage(int number, string name) => _out.Markup($"{(number > 1 ? Environment.NewLine : "")}[bold]{number}. {Markup.Escape(name)}[/]{Environment.NewLine}");

    public void Line(string text) => _out.WriteLine("   " + text);

    public void LineIf(bool isSo, string text)
    {
        if (isSo)
        {
            Line(text);
        }
    }

    public void Warning(string text) => terminal.Warning(text);
    public void Error(string text) => terminal.Error(text);

    /// <summary>The one line that a script wants.</summary>
    public void Result(string text) => terminal.Out.WriteLine("   " + text);

    public void Feeds(IReadOnlyList<Feed> feeds)
    {
        foreach (Feed feed in feeds)
        {
            string name = EntryText.Clean(feed.Name, 200);
            LineIf(feed.Format != Feed.NoFormat, $"{name}: {feed.Format}, {Count(feed.Items.Count, "entry", "entries")}");
            if (feed.IsPartial)
            {
                Warning($"{name}: {string.Join("; ", feed.Problems)}");
                continue;
            }

            Array.ForEach([.. feed.Problems], problem => Line("  - " + problem));
        }

        Line(Invariant($"Collected {Count(feeds.Sum(feed => feed.Items.Count), "entry", "entries")} from {Count(feeds.Count, "feed", "feeds")}."));
    }

    public void Stored(StoreResult result, IReadOnlyList<DigestItem> items, string caller)
    {
        Line(Invariant($"{Words(result.Status)}: {result.Inserted} inserted, {result.Updated} updated, {result.Unchanged} unchanged, {result.Duplicates} duplicates, {result.Rejected} rejected, {result.Failed} failed."));
        string saved = result.Status == StoreStatus.Stored && result.Cost.ShareOfRequestsSaved > 0 ? Invariant($"{result.Cost.ShareOfRequestsSaved:P0} saved, ") : "";
        Line(Invariant($"{Count(result.Cost.Requests, "request", "requests")} for {Count(result.Received, "item", "items")} ({saved}{Count(result.Cost.Retries, "retry", "retries")}), {result.Cost.WriteUnits:0.#} write and {result.Cost.ReadUnits:0.#} read units, {result.Duration.TotalMilliseconds:N0} ms."));
        string findings = string.Join(", ", result.Quality.Findings.OrderBy(finding => finding.Key).Select(finding => Describe(finding.Key, finding.Value)));
        LineIf(findings.Length > 0, Invariant($"Quality: {result.Quality.Completeness:P0} complete; {findings}."));
        LineIf(result.DeadLettered > 0, $"{Count(result.DeadLettered, "item is", "items are")} kept as dead letters; the next run that reaches the database stores them.");

        // What failed is the news.
        StoreProblem[][] kinds =
            [.. result.Problems.GroupBy(problem => (problem.Reason, problem.Message)).OrderBy(kind => kind.First().Outcome == DigestItemOutcome.Rejected).Select(kind => kind.ToArray())];
        Array.ForEach([.. kinds.Take(MaxProblemLines)], alike => Line("  - " + Describe(alike, items)));
        LineIf(kinds.Length > MaxProblemLines, Invariant($"  - … and {kinds.Length - MaxProblemLines} other kinds of problem"));

        // The log and the spans of this call are found by these.
        Line($"Caller {caller}, correlation id {result.CorrelationId}.");
    }

    public void NotStored(StoreResult result, bool areOthersLeftOut)
    {
        StoreProblem? problem = result.Problems.FirstOrDefault(problem => problem.Outcome != DigestItemOutcome.Rejected);
        if (problem is null && result.Status != StoreStatus.Disabled)
        {
            // There is nothing to store again, and perhaps nothing to send. When the valid links were sent before, nothing is wrong with that.
            (areOthersLeftOut ? (Action<string>)Line : Warning)($"{Words(result.Status)} (no item is valid): only the feeds can mend that. Correlation id {result.CorrelationId}.");
            return;
        }

        Warn($"{Words(result.Status)} {(problem is null ? "(the store is disabled)." : $"({problem.Reason}): {problem.Message}")}", result.CorrelationId);
    }

    public void Failed(string what, Exception failure) =>
        Warn($"{what} ({(failure is DigestStoreException store ? store.Reason.ToString() : failure.GetType().Name)}): {EntryText.Clean(failure.Message, 400).TrimEnd('.')}.", "");

    public void ReadBack(Digest digest)
    {
        _out.Write(ReadBackTable.Of(digest, _out.Profile.Width));
        LineIf(digest.Count > ReadBackTable.MaxRows, Invariant($"… and {digest.Count - ReadBackTable.MaxRows:N0} more"));
        if (digest.Unreadable > 0)
        {
            Warning($"{Count(digest.Unreadable, "record", "records")} of the day could not be read; a newer version of the library may have written them.");
        }
    }

    public void LeftOut(RecentlySent recent, int days)
    {
        LineIf(recent.Sent.Count > 0, $"Left out: {Count(recent.Sent.Count, "link", "links")} sent in the last {Count(days, "day", "days")}; --again-after 0 takes them again.");
        LineIf(recent.UnsettledDates.Count > 0, $"Nobody knows whether the email of {Dates(recent.UnsettledDates)} was sent; its links count as sent. To settle it: status DATE, resolve DATE");
        LineIf(recent.UncheckedDates.Count > 0, $"Not every link sent on {Dates(recent.UncheckedDates)} could be compared; some may come again.");
        if (!recent.IsChecked)
        {
            Warn($"Not compared with earlier emails, so links may come again{(recent.Error is { } error ? $" ({error.Reason}): {EntryText.Clean(error.Message, 400)}" : ".")}", "");
        }
    }

    public void Replayed(DeadLetterReplayResult result) => LineIf(
        result.Letters > 0,
        Invariant($"{Count(result.Letters, "dead letter", "dead letters")} of earlier runs replayed: {result.Stored} stored, {result.Superseded} superseded by newer content, {result.Rejected} rejected, {result.Kept} kept."));

    private static string Describe(QualityFinding finding, int count) => finding switch
    {
        QualityFinding.Stale => Count(count, "stale", "stale"),
        QualityFinding.FutureDated => Count(count, "dated in the future", "dated in the future"),
        QualityFinding.TitleIsUrl => Count(count, "title is a URL", "titles are URLs"),
        QualityFinding.TitleShouting => Count(count, "title shouts", "titles shout"),
        QualityFinding.TitleHasMarkup => Count(count, "title has markup", "titles have markup"),
        _ => Invariant($"{count:N0} {finding}"),
    };

    private static string Describe(StoreProblem[] alike, IReadOnlyList<DigestItem> items)
    {
        int index = alike[0].Index ?? int.MaxValue;
        string which = index < items.Count ? EntryText.Clean(EntryText.First(items[index].Title, items[index].Url), 50) : "";
        string named = index < items.Count ? Invariant($"item {index + 1}{(which.Length > 0 ? $" “{which}”" : "")}: ") : "";
        return $"{(alike.Length == 1 || named.Length == 0 ? "" : Count(alike.Length, "item, among them ", "items, among them "))}{named}{alike[0].Reason}: {alike[0].Message}";
    }

    // The trace id of the run is what the library takes for its correlation id.
    private void Warn(string what, string correlationId)
    {
        string id = correlationId.Length > 0 ? correlationId : Activity.Current?.TraceId.ToString() ?? "none";
        Warning($"{what} Correlation id {id}. The email goes out all the same. When the cause is mended, run the same command again: storing twice is safe.");
    }

    private static string Words(StoreStatus status) => status == StoreStatus.Stored ? "Stored"
        : status == StoreStatus.PartiallyStored ? "Partially stored" : status == StoreStatus.Disabled ? "Switched off" : "Not stored";

    private static string Dates(IReadOnlyList<DateOnly> dates) => string.Join(", ", dates.Select(date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));

    public static string Count(int count, string one, string many) => Invariant($"{count:N0} {(count == 1 ? one : many)}");
    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
