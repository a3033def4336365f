using System.Diagnostics;
using DigestStore.Testing;
using MimeKit;

namespace EmailDigest;

/// <summary>
/// One run: collects the links, leaves out what was sent lately, stores the others, reads the digest back and delivers the email once, whatever becomes of the database.
/// </summary>
internal sealed class DigestJob(
    JobOptions options, FeedLoader loader, IServiceProvider services, StoreChoice choice, IMailer mailer, Report report, RunHistory history, TimeProvider clock)
{
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using Activity run = RunSpan.Start(options);
        int exitCode;
        try
        {
            IReadOnlyList<DigestItem> collected = await CollectAsync(cancellationToken);
            await OpenStoreAsync(cancellationToken);

            // First, what earlier runs could not store or record: an email that went out counts only then as sent.
            await TryAsync($"Items of earlier runs in {choice.DeadLetters} not replayed", () => ReplayAsync(cancellationToken), cancellationToken);
            IReadOnlyList<DigestItem> fresh = await LeaveOutSentAsync(collected, cancellationToken);
            Digest? digest = null;
            if (await StoreAsync(fresh, areOthersLeftOut: fresh.Count < collected.Count, cancellationToken))
            {
                await TryAsync("Not read back", async () => digest = await ReadBackAsync(cancellationToken), cancellationToken);
            }

            cancellationToken.ThrowIfCancellationRequested();

            // A run that repeats an email makes the same message of the same items, so its date is theirs.
            DateTimeOffset madeAt = digest is { Count: > 0 } ? digest.Max(stored => stored.CreatedAt) : clock.GetUtcNow();
            IReadOnlyList<DigestItem> items = digest?.Select(stored => stored.Item).ToList() ?? DigestEmail.Distinct(fresh);
            exitCode = await DeliverAsync(items, madeAt, isAllSent: fresh.Count < collected.Count, cancellationToken);
        }
        catch (DigestStoreCanceledException stopped) when (cancellationToken.IsCancellationRequested && stopped.Delivery is { WasAttempted: true })
        {
            report.Warning("Stopped while the email was being sent, so it may have gone out. The next run sends it again, with the same Message-ID.");
            exitCode = ExitCode.Stopped;
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            report.Warning("Stopped before the email was sent.");
            exitCode = ExitCode.Stopped;
        }
        catch (Exception unexpected)
        {
            report.Error($"The email was not sent: {unexpected.GetType().Name}: {unexpected.Message}");
            exitCode = ExitCode.EmailNotSent;
        }

        RunSpan.End(run, exitCode);
        return exitCode;
    }

    private async Task<IReadOnlyList<DigestItem>> CollectAsync(CancellationToken cancellationToken)
    {
        report.Stage(1, "Collect");
        bool isBundled = options.Feeds.Count == 0;
        report.LineIf(isBundled, "No feeds given: reading the bundled set.");
        IReadOnlyList<Feed> feeds = await loader.LoadAsync(isBundled ? FeedLoader.Bundled : options.Feeds, cancellationToken);
        report.Feeds(feeds);
        return Selection.Of([.. feeds.SelectMany(feed => feed.Items)], options, report);
    }

    private async Task OpenStoreAsync(CancellationToken cancellationToken)
    {
        report.Stage(2, "Store");
        report.Line(choice.Description);
        if (choice.Fault is { } fault && services.GetRequiredService<IDigestRepository>() is InMemoryDigestRepository inMemory)
        {
            report.Line($"--fault {Faults.NameOf(fault)}: {Faults.Script(inMemory.Faults, fault)}");
        }

        await TryAsync("The table could not be looked up or created", () => choice.EnsureTable?.Invoke(clock, cancellationToken) ?? Task.CompletedTask, cancellationToken);
    }

    // A reader gets no link twice. The day itself does not count, so that a second run of it keeps its links.
    private async Task<IReadOnlyList<DigestItem>> LeaveOutSentAsync(IReadOnlyList<DigestItem> items, CancellationToken cancellationToken)
    {
        if (options.AgainAfter == 0)
        {
            return items;
        }

        RecentlySent? recent = null;
        await TryAsync(
            "Not compared with earlier emails, so links may come again",
            async () => recent = await services.GetRequiredService<IDigestHistory>().ExceptRecentlySentAsync(items, options.Date, options.AgainAfter, cancellationToken),
            cancellationToken);
        if (recent is null)
        {
            return items;
        }

        report.LeftOut(recent, options.AgainAfter);
        return recent.Fresh;
    }

    private async Task<bool> StoreAsync(IReadOnlyList<DigestItem> items, bool areOthersLeftOut, CancellationToken cancellationToken)
    {
        StoreResult result;
        try
        {
            result = await services.GetRequiredService<IDigestRepository>().StoreAsync(options.Date, items, cancellationToken: cancellationToken);
        }
        catch (DigestStoreCanceledException stopped) when (cancellationToken.IsCancellationRequested)
        {
            report.Stored(stopped.Result, items, choice.Caller);
            throw;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // StoreAsync reports trouble in its result. What throws is the making of the repository, or one that was put in its place.
            report.Failed("Not stored", failure);
            return false;
        }

        report.Stored(result, items, choice.Caller);
        history.Compare(result, choice);
        if (result.Status != StoreStatus.Stored)
        {
            report.NotStored(result, areOthersLeftOut);
            return false;
        }

        return true;
    }

    private async Task ReplayAsync(CancellationToken cancellationToken)
    {
        if (services.GetService<IDeadLetterSource>() is not null)
        {
            report.Replayed(await services.GetRequiredService<DeadLetterReplay>().RunAsync(cancellationToken: cancellationToken));
        }
    }

    private async Task<Digest> ReadBackAsync(CancellationToken cancellationToken)
    {
        report.Stage(3, "Read back");
        Digest digest = await services.GetRequiredService<IDigestRepository>().GetAsync(options.Date, cancellationToken);
        report.ReadBack(digest);
        return digest;
    }

    // Whatever goes wrong with the database is a warning, and the email goes out. Only stopping the program ends the run.
    private async Task TryAsync(string failed, Func<Task> step, CancellationToken cancellationToken)
    {
        try
        {
            await step();
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            report.Failed(failed, failure);
        }
    }

    // The lease of the day keeps two runs from sending the same email, and what is sent is remembered for the days to come.
    private async Task<int> DeliverAsync(IReadOnlyList<DigestItem> items, DateTimeOffset madeAt, bool isAllSent, CancellationToken cancellationToken)
    {
        report.Stage(4, "Email");
        if (items.Count == 0)
        {
            string path = DigestEmail.PathFor(options);
            string cause = isAllSent ? $", because every valid link was sent in the last {Report.Count(options.AgainAfter, "day", "days")}" : "";
            report.Warning($"There is nothing to send{cause}, so no email is written.{(File.Exists(path) ? $" That of an earlier run stays as it is: {path}" : "")}");
            return ExitCode.NothingToSend;
        }

        var email = new DigestEmail { Date = options.Date, Items = items };
        using MimeMessage message = EmailMessage.Of(email, options.From, options.To, madeAt);
        string? sent = null;
        DeliveryResult result = await services.GetRequiredService<IDigestDelivery>().DeliverAsync(options.Date, items, SendAsync, options.Delivery, cancellationToken);
        if (sent is not null)
        {
            report.Result($"{sent} ({email.Links}, {EmailMessage.SizeOf(message)})");
        }

        DeliveryReport.End(report, result);
        return ExitCode.Of(result);

        async Task<DeliveryReceipt> SendAsync(DeliveryAttempt attempt, CancellationToken stop)
        {
            DeliveryReport.Repeat(report, attempt);
            EmailMessage.Identify(message, attempt);
            sent = await mailer.SendAsync(message, stop);
            return new DeliveryReceipt { SentCount = items.Count };
        }
    }
}
