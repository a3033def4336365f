using System.Diagnostics;
using DigestStore.Testing;

namespace EmailDigest;

/// <summary>One run: collect, store, read back, write the email. Only the last can make the run fail.</summary>
internal sealed class DigestJob(
    JobOptions options, FeedLoader loader, IServiceProvider services, StoreChoice choice, Report report, RetryReasons retries, RunHistory history, ILoggerFactory loggerFactory, TimeProvider clock)
{
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using Activity run = RunSpan.Start(options);
        int exitCode;
        try
        {
            IReadOnlyList<DigestItem> collected = await CollectAsync(cancellationToken);
            bool isStored = await StoreAsync(collected, cancellationToken);
            IReadOnlyList<DigestItem>? readBack = isStored ? await ReadBackAsync(cancellationToken) : null;
            cancellationToken.ThrowIfCancellationRequested();
            exitCode = WriteEmail(readBack ?? DigestEmail.Distinct(collected));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            report.Warning("Stopped before the email was written.");
            exitCode = ExitCode.Stopped;
        }
        catch (Exception unexpected)
        {
            report.Error($"The email was not written: {unexpected.GetType().Name}: {unexpected.Message}");
            exitCode = ExitCode.EmailNotWritten;
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

    private async Task<bool> StoreAsync(IReadOnlyList<DigestItem> items, CancellationToken cancellationToken)
    {
        report.Stage(2, "Store");
        report.Line(choice.Description);
        await EnsureTableAsync(cancellationToken);
        try
        {
            IDigestRepository repository = services.GetRequiredService<IDigestRepository>();
            if (choice.Fault is { } fault && repository is InMemoryDigestRepository inMemory)
            {
                report.Line($"--fault {Faults.NameOf(fault)}: {Faults.Script(inMemory.Faults, fault)}");
            }

            StoreResult result = await repository.StoreAsync(options.Date, items, cancellationToken: cancellationToken);
            report.Stored(result, items);
            report.Traced(result, retries, choice.Caller);
            history.Compare(result, choice);
            if (result.Status == StoreStatus.Stored)
            {
                await ReplayAsync(repository, cancellationToken);
                return true;
            }

            report.NotStored(result);
        }
        catch (DigestStoreCanceledException stopped)
        {
            report.Stored(stopped.Result, items);
            throw;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The library promises not to get here; another repository may.
            report.Failed("Not stored", failure);
        }

        return false;
    }

    // Items that earlier runs could not store; only now, since the database has just shown that it is there.
    private async Task ReplayAsync(IDigestRepository repository, CancellationToken cancellationToken)
    {
        try
        {
            if (services.GetService<FileDeadLetterSink>() is { } letters)
            {
                report.Replayed(await new DeadLetterReplay(repository, letters, loggerFactory).RunAsync(cancellationToken: cancellationToken));
            }
        }
        catch (Exception failure) when (failure is DigestStoreException or IOException or UnauthorizedAccessException)
        {
            report.Warning($"Earlier items in {options.DeadLetterFolder} could not be replayed: {failure.Message}");
        }
    }

    private async Task EnsureTableAsync(CancellationToken cancellationToken)
    {
        try
        {
            await (choice.EnsureTable?.Invoke(clock, cancellationToken) ?? Task.CompletedTask);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            report.Warning($"The table could not be looked up or created: {EntryText.Clean(failure.Message, 400)}");
        }
    }

    private async Task<IReadOnlyList<DigestItem>?> ReadBackAsync(CancellationToken cancellationToken)
    {
        report.Stage(3, "Read back");
        try
        {
            Digest digest = await services.GetRequiredService<IDigestRepository>().GetAsync(options.Date, cancellationToken);
            report.ReadBack(digest);
            return [.. digest.Select(stored => stored.Item)];
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            report.Failed("Not read back", failure);
            return null;
        }
    }

    private int WriteEmail(IReadOnlyList<DigestItem> items)
    {
        report.Stage(4, "Email");
        var email = new DigestEmail { Date = options.Date, Items = items };
        string path = DigestEmail.PathFor(options);
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
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            report.Error($"The email could not be written to {path}: {failure.Message} Make its folder writable, or name another file or folder with --output.");
            return ExitCode.EmailNotWritten;
        }
    }
}
