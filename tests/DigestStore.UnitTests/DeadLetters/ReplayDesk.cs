using System.Diagnostics.CodeAnalysis;
using Amazon.DynamoDBv2.Model;
using DigestStore.DeadLetters;
using DigestStore.Records;
using DigestStore.Table;
using DigestStore.Testing;

namespace DigestStore.UnitTests.DeadLetters;

// A table in memory, a directory of letters and a clock that can be set back. Every call has a repository of its own, as every run of a job has.
internal sealed class ReplayDesk : IDisposable
{
    public const string Url = "http://www.example.com/page/";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("replay-");

    public VirtualTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 21, 7, 0, 0, TimeSpan.Zero));

    public TableDouble Table { get; } = new();

    public DigestStoreOptions Options { get; } = new() { BatchSize = 1, MaxConcurrency = 1 };

    public FileDeadLetterSink Sink => new(new FileDeadLetterOptions { Directory = _directory.FullName }, timeProvider: Time);

    public string Files => Path.Combine(_directory.FullName, LetterDirectory.DirectoryNameOf(Options.TableName));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Delete(recursive: true);

    public static DigestItem Item(string title) => new() { Url = Url, Title = title };

    public async Task<StoreResult> StoreAsync(params string[] titles)
    {
        using DigestRepository repository = Repository();
        return await Time.RunAsync(() => repository.StoreAsync(Some.Date, titles.Select(Item), cancellationToken: Token));
    }

    public async Task<StoreResult> StoreStreamAsync(IEnumerable<DigestItem> items)
    {
        using DigestRepository repository = Repository();
        return await Time.RunAsync(() => repository.StoreAsync(Some.Date, Some.Stream(items), cancellationToken: Token));
    }

    // A store that becomes a letter: the table answers, and takes nothing.
    public async Task FailToWriteAsync(string title)
    {
        Table.OnWrite = static _ => new WriteReply { Sent = 1, Fault = new TableFault(FaultKind.Throttled) };
        StoreResult result = await StoreAsync(title);
        Table.OnWriteAsync = static (_, _) => null;
        Assert.Equal((1, 1), (result.Failed, result.DeadLettered));
    }

    // The same, but not even what is stored could be read.
    public async Task FailToCompareAsync(string title)
    {
        Table.OnLookup = static _ => Task.FromResult(new LookupReply { KeyCount = 1, Fault = new TableFault(FaultKind.Throttled) });
        StoreResult result = await StoreAsync(title);
        Table.OnLookup = static _ => null;
        Assert.Equal((1, 1), (result.Failed, result.DeadLettered));
    }

    public async Task<DeadLetterReplayResult> ReplayAsync()
    {
        using DigestRepository repository = Repository();
        var replay = new DeadLetterReplay(repository, Sink);
        return await Time.RunAsync(() => replay.RunAsync(cancellationToken: Token));
    }

    public async Task<StoredDigestItem?> FindAsync()
    {
        using DigestRepository repository = Repository();
        return await Time.RunAsync(() => repository.FindAsync(Some.Date, Url, Token));
    }

    public async Task<string?> TitleAsync() => (await FindAsync())?.Item.Title;

    public async Task DeleteAsync()
    {
        using DigestRepository repository = Repository();
        Assert.True(await Time.RunAsync(() => repository.DeleteAsync(Some.Date, Url, Token)));
    }

    public DeadLetter[] LettersLeft() => Directory.Exists(Files)
        ? [.. Directory.GetFiles(Files, "*.jsonl").Order(StringComparer.Ordinal).SelectMany(File.ReadAllLines).Select(static line => Letters.Read(line)!)]
        : [];

    public string Put(string name, params string[] lines)
    {
        Directory.CreateDirectory(Files);
        string file = Path.Combine(Files, name);
        File.WriteAllLines(file, lines);
        return file;
    }

    public DeadLetter Letter(string title) => new()
    {
        Item = Item(title),
        Table = Options.TableName,
        Digest = Options.DigestName,
        Date = Some.Date,
        Ordinal = 0,
        IdRules = "1",
        StoreStartedAt = Time.GetUtcNow(),
        Reason = StoreProblemReason.Throttled,
        Known = KnownRecord.Unknown,
    };

    public void ChangeRecord(Action<Dictionary<string, AttributeValue>> change) => Table.Storage.With(
        Options.TableName,
        new Partition(Options.TableName, Options.DigestName, Some.Date).Key,
        partition =>
        {
            change(partition.Single(static record => record.Key.StartsWith(RecordKeys.ItemPrefix, StringComparison.Ordinal)).Value);
            return true;
        });

    [SuppressMessage("Reliability", "CA2000", Justification = "The caller disposes it.")]
    public DigestRepository Repository()
    {
        DigestStoreOptions options = Options.Copy();
        return new DigestRepository(Table.ToSource(), () => options, new DigestStoreServices { TimeProvider = Time, DeadLetters = Sink });
    }
}
