using Amazon.DynamoDBv2;
using DigestStore.Benchmarks.Children;
using DigestStore.Benchmarks.Promise;
using DigestStore.Benchmarks.Runs;

namespace DigestStore.Benchmarks.Soak;

/// <summary>One server, the lives that are led on it, and what is left in its table.</summary>
internal sealed class SoakServer(string name, Uri url, IAmazonDynamoDB client, string table, Weather weather, string letters)
{
    private readonly List<SoakLife> _lives = [];

    public SoakBook Book { get; } = new(name);

    public Weather Weather => weather;

    /// <summary>A life that nobody judges.</summary>
    public Task WarmUpAsync(CancellationToken end) => Life("warm-up", new SoakBook(name)).RunAsync(end);

    public Task RunAsync(string digest, CancellationToken end)
    {
        SoakLife life = Life(digest, Book);
        _lives.Add(life);
        return life.RunAsync(end);
    }

    /// <summary>In fine weather: whether a last replay stores every letter, and whether every day has its items then.</summary>
    public async Task JudgeAsync(Report report, Verdicts verdicts, double minSuccess)
    {
        int kept = 0;
        int missing = 0;
        foreach (SoakLife life in _lives)
        {
            kept += await life.ReplayAllAsync();
            foreach (DateOnly date in life.Used)
            {
                missing += await StoredDay.CountMissingAsync(client, table, date, SoakLife.Items - SoakLife.Deleted, life.Digest);
            }
        }

        if (Book.Unexpected is { } unexpected)
        {
            report.Line();
            report.Line($"Unexpected: {unexpected}");
        }

        (long calls, long succeeded) = Book.InGoodWeather;
        (long inOutages, long succeededInOutages) = Book.InOutages;
        report.Line();
        report.Line($"{name}: {succeeded} of the {calls} calls of days without an outage did what they are for, and {succeededInOutages} of the {inOutages} calls of days with one.");
        verdicts.AtLeast($"{name}: calls that did what they are for, of the {calls} of days without an outage", 100.0 * succeeded / calls, minSuccess, " %");
        verdicts.AtMost($"{name}: items that are neither in the table nor a dead letter", missing, 0);
        verdicts.AtMost($"{name}: dead letters that a last replay could not store", kept, 0);
        verdicts.AtMost($"{name}: exceptions that are not documented", Book.Unexpected is null ? 0 : 1, 0);
    }

    private SoakLife Life(string digest, SoakBook book) => new(url, table, digest, Path.Combine(letters, name.Replace(' ', '-'), digest), book, weather);
}
