using System.Diagnostics;
using System.Globalization;
using System.Net.Mail;
using DigestStore;
using DigestStore.Testing;
using EmailDigest.Email;
using EmailDigest.Feeds;
using EmailDigest.Output;
using EmailDigest.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EmailDigest;

/// <summary>One run: collect, store, read back, write the email. Only the last can make the run fail.</summary>
internal sealed class DigestJob(
    JobOptions options,
    FeedLoader loader,
    IServiceProvider services,
    RepositoryChoice choice,
    Report report,
    RetryReasons retries,
    RunHistory history,
    ILoggerFactory loggerFactory,
    TimeProvider clock)
{
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<DigestItem> collected = await CollectAsync(cancellationToken);
        bool stored = await TryStoreAsync(collected, cancellationToken);
        IReadOnlyList<DigestItem>? readBack = await TryReadBackAsync(stored, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return WriteEmail(readBack ?? DigestEmail.Distinct(collected));
    }

    private async Task<IReadOnlyList<DigestItem>> CollectAsync(CancellationToken cancellationToken)
    {
        report.Stage(1, "Collect");
        if (options.Feeds.Count == 0)
        {
            report.Line("No feeds given: reading the bundled set.");
        }

        IReadOnlyList<Feed> feeds = options.Feeds.Count == 0 ? BundledFeeds.Read() : await loader.LoadAsync(options.Feeds, cancellationToken);
        report.Feeds(feeds);
        return [.. feeds.SelectMany(feed => feed.Items)];
    }

    private async Task<bool> TryStoreAsync(IReadOnlyList<DigestItem> items, CancellationToken cancellationToken)
    {
        report.Stage(2, "Store");
        report.Line(choice.Description);
        await EnsureTableAsync(cancellationToken);
        try
        {
            IDigestRepository repository = services.GetRequiredService<IDigestRepository>();
            if (choice.Fault is { } fault && repository is InMemoryDigestRepository inMemory)
            {
                Faults.Script(inMemory.Faults, fault);
                report.Line($"--fault {Faults.NameOf(fault)}: {Faults.Describe(fault)}");
            }

            StoreResult result = await StoreProgressBar.RunAsync(
                report.Console,
                items.Count,
                progress => repository.StoreAsync(options.Date, items, new StoreCallOptions { Progress = progress }, cancellationToken));
            report.Stored(result, items);
            report.Traced(result, retries.Counts, choice.Caller);
            history.Compare(result, choice);
            if (result.Status == StoreStatus.Stored)
            {
                await ReplayAsync(repository, cancellationToken);
                return true;
            }

            // All rejected is the feeds' fault, and then there is nothing to store again.
            string reason = result.Problems.FirstOrDefault(problem => problem.Outcome != DigestItemOutcome.Rejected) is { } problem
                ? $"({problem.Reason}): {problem.Message}"
                : result.Status == StoreStatus.Disabled ? "(the store is disabled)." : "(no item is valid).";
            Warn($"{Report.Words(result.Status)} {reason}", result.CorrelationId);
            return false;
        }
        catch (DigestStoreCanceledException stopped)
        {
            report.Stored(stopped.Result, items);
            throw;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The library promises not to get here; another repository may.
            Warn($"Not stored ({ReasonOf(failure)}): {failure.Message}");
            return false;
        }
    }

    // Only now, since the database has just shown that it is there.
    private async Task ReplayAsync(IDigestRepository repository, CancellationToken cancellationToken)
    {
        if (services.GetService<FileDeadLetterSink>() is not { } letters)
        {
            return;
        }

        try
        {
            DeadLetterReplayResult replayed = await new DeadLetterReplay(repository, letters, loggerFactory).RunAsync(cancellationToken: cancellationToken);
            report.Replayed(replayed);
        }
        catch (Exception failure) when (failure is DigestStoreException or IOException or UnauthorizedAccessException)
        {
            report.Warning($"Earlier items in {options.DeadLetterFolder} could not be replayed: {failure.Message}");
        }
    }

    private async Task EnsureTableAsync(CancellationToken cancellationToken)
    {
        if (choice.EnsureTable is null)
        {
            return;
        }

        try
        {
            await choice.EnsureTable(cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            report.Warning($"The table could not be looked up or created: {HtmlText.Clean(failure.Message, 200)}");
        }
    }

    private async Task<IReadOnlyList<DigestItem>?> TryReadBackAsync(bool stored, CancellationToken cancellationToken)
    {
        report.Stage(3, "Read back");
        if (!stored)
        {
            report.Line("Skipped, since the store is not complete.");
            return null;
        }

        try
        {
            Digest digest = await services.GetRequiredService<IDigestRepository>().GetAsync(options.Date, cancellationToken);
            ReadBackTable.Print(report.Console, digest);
            if (digest.Unreadable > 0)
            {
                report.Warning($"{Report.Count(digest.Unreadable, "record", "records")} of the day could not be read; a newer version of the library may have written them.");
            }

            return [.. digest.Select(item => item.Item)];
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Warn($"Not read back ({ReasonOf(failure)}): {failure.Message}");
            return null;
        }
    }

    private int WriteEmail(IReadOnlyList<DigestItem> items)
    {
        report.Stage(4, "Email");
        var email = new DigestEmail { Date = options.Date, Items = items };
        string path = EmailPath.Of(options);
        if (items.Count == 0)
        {
            report.Warning($"There is nothing to send, so no email is written.{(File.Exists(path) ? $" That of an earlier run stays as it is: {path}" : "")}");
            return ExitCode.NothingToSend;
        }

        try
        {
            long size = EmlWriter.Write(email, options.From, options.To, clock, path);
            report.Result(string.Create(CultureInfo.InvariantCulture, $"Written: {path} ({email.Links}, {size / 1024.0:N1} KB)"));
            return ExitCode.EmailWritten;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or SmtpException or ArgumentException or NotSupportedException)
        {
            report.Error($"The email could not be written to {path}: {(failure.InnerException ?? failure).Message}");
            return ExitCode.EmailNotWritten;
        }
    }

    private static string ReasonOf(Exception failure) => failure is DigestStoreException store ? store.Reason.ToString() : failure.GetType().Name;

    // The trace id of the run is what the library takes for its correlation id.
    private void Warn(string what, string correlationId = "")
    {
        string id = correlationId.Length > 0 ? correlationId : Activity.Current?.TraceId.ToString() ?? "none";
        report.Warning($"{what} Correlation id {id}. The email is made from what was collected. When the cause is mended, run the same command again: storing twice is safe.");
    }
}
