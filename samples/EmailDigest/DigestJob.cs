using System.Diagnostics;
using DigestStore.Testing;

namespace EmailDigest;

/// <summary>One run: collects the links, stores them, reads the digest back and writes the email, whatever becomes of the database.</summary>
internal sealed class DigestJob(
    JobOptions options, FeedLoader loader, IServiceProvider services, StoreChoice choice, Report report, RunHistory history, TimeProvider clock)
{
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using Activity run = RunSpan.Start(options);
        int exitCode;
        try
        {
            IReadOnlyList<DigestItem> collected = await CollectAsync(cancellationToken);
            Digest? digest = null;
            if (await StoreAsync(collected, cancellationToken))
            {
                await TryAsync("Not read back", async () => digest = await ReadBackAsync(cancellationToken), cancellationToken);
            }

            cancellationToken.ThrowIfCancellationRequested();
            exitCode = WriteEmail(digest?.Select(stored => stored.Item).ToList() ?? DigestEmail.Distinct(collected));
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
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
        await TryAsync("The table could not be looked up or created", () => choice.EnsureTable?.Invoke(clock, cancellationToken) ?? Task.CompletedTask, cancellationToken);
        IDigestRepository repository;
        StoreResult result;
        try
        {
            repository = services.GetRequiredService<IDigestRepository>();
            PlayFault(repository);
            result = await repository.StoreAsync(options.Date, items, cancellationToken: cancellationToken);
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
            report.NotStored(result);
            return false;
        }

        await TryAsync($"Items of earlier runs in {options.DeadLetterFolder} not replayed", () => ReplayAsync(cancellationToken), cancellationToken);
        return true;
    }

    private void PlayFault(IDigestRepository repository)
    {
        if (choice.Fault is { } fault && repository is InMemoryDigestRepository inMemory)
        {
            string whatItDoes = Faults.Script(inMemory.Faults, fault);
            report.Line($"--fault {Faults.NameOf(fault)}: {whatItDoes}");
        }
    }

    // Items that earlier runs could not store. This is the time for them, since the database has just answered.
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
