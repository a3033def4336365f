using DigestStore.Benchmarks.Runs;
using Microsoft.Extensions.DependencyInjection;

namespace DigestStore.Benchmarks.Soak;

/// <summary>One application's life with the library, again and again: its own client, its own days, its own dead letters.</summary>
internal sealed class SoakLife(Uri url, string table, string digest, string letters, SoakBook book, Weather weather)
{
    /// <summary>Of a day; the last <see cref="Deleted"/> are deleted at its end and new the next time.</summary>
    public const int Items = 200;
    public const int Deleted = 5;

    // The days come again, so that the server's memory has a bound.
    private const int Days = 40;
    private const int DaysOfAProcess = 10;

    private static readonly DigestItem[] Given = SampleItems.Make(Items);

    private readonly Dates _dates = new();
    private readonly HashSet<DateOnly> _used = [];

    public string Digest => digest;

    /// <summary>The days that it has stored.</summary>
    public IReadOnlyCollection<DateOnly> Used => _used;

    /// <summary>Lives until <paramref name="end"/>; every ten days as a new process would, with everything made anew.</summary>
    public async Task RunAsync(CancellationToken end)
    {
        DateOnly[] days = [.. Enumerable.Range(0, Days).Select(_ => _dates.Next())];
        for (int day = 0; !end.IsCancellationRequested;)
        {
            await using ServiceProvider provider = Provide();
            for (int more = 0; more < DaysOfAProcess && !end.IsCancellationRequested; more++)
            {
                await LiveAsync(provider, days[day++ % Days], day / Days);
            }
        }
    }

    /// <summary>Replays what there is, in fine weather.</summary>
    /// <returns>How many letters it could not store.</returns>
    public async Task<int> ReplayAllAsync()
    {
        await using ServiceProvider provider = Provide();
        return (await provider.GetRequiredService<DeadLetterReplay>().RunAsync()).Kept;
    }

    private async Task LiveAsync(ServiceProvider provider, DateOnly date, int round)
    {
        IDigestRepository repository = provider.GetRequiredService<IDigestRepository>();
        DigestItem[] changed = [.. Given.Select((item, index) => index % 10 == 0 ? item with { Summary = $"Round {round}: {item.Summary}" } : item)];
        SoakDay day = weather.BeginDay();
        _used.Add(date);
        await book.CallAsync("store", day, async () => IsStored(await repository.StoreAsync(date, Given)));
        await book.CallAsync("store again", day, async () => IsStored(await repository.StoreAsync(date, Given)));
        await book.CallAsync("store changed", day, async () => IsStored(await repository.StoreAsync(date, changed)));
        await book.CallAsync("stream", day, async () => IsStored(await repository.StoreAsync(date, SampleItems.StreamAsync(Items))));
        await book.CallAsync("get", day, async () => (await repository.GetAsync(date)).Count == Items);
        await book.CallAsync("read", day, async () => await CountAsync(repository.ReadAsync(date)) == Items);
        for (int index = 0; index < Deleted; index++)
        {
            await book.CallAsync("find", day, async () => await repository.FindAsync(date, Given[index].Url) is not null);
            await book.CallAsync("delete", day, async () => await repository.DeleteAsync(date, Given[^(index + 1)].Url));
        }

        await book.CallAsync("replay", day, async () => (await provider.GetRequiredService<DeadLetterReplay>().RunAsync()).Kept == 0);
    }

    private ServiceProvider Provide()
    {
        var services = new ServiceCollection();
        services.AddDigestStore(options => (options.ServiceUrl, options.TableName, options.DigestName) = (url.ToString(), table, digest)).AddFileDeadLetters(letters);
        return services.BuildServiceProvider();
    }

    private static bool IsStored(StoreResult result) => result.Status == StoreStatus.Stored && result.InputError is null;

    private static async Task<int> CountAsync(IAsyncEnumerable<StoredDigestItem> items)
    {
        int count = 0;
        await foreach (StoredDigestItem _ in items)
        {
            count++;
        }

        return count;
    }
}
