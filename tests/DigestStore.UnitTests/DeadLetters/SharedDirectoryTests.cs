using DigestStore.Testing;

namespace DigestStore.UnitTests.DeadLetters;

// Several sinks and replays at work in one directory, as several processes are.
public sealed class SharedDirectoryTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("shared-letters-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Four_writers_refuse_each_other_nothing_and_lose_nothing()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => WriteAsync(writer, 100)));

        string[] urls = [.. Files().SelectMany(File.ReadAllLines).Select(line => Letters.Read(line)!.Item!.Url)];
        Assert.Equal((400, 400, 400), (Files().Length, urls.Length, urls.Distinct(StringComparer.Ordinal).Count()));
    }

    [Fact]
    public async Task Two_writers_and_two_replays_store_every_letter()
    {
        using var repository = new InMemoryDigestRepository();
        Task writing = Task.WhenAll(Enumerable.Range(0, 2).Select(writer => WriteAsync(writer, 100)));

        DeadLetterReplayResult[] replays = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => ReplayUntilAsync(writing, repository)));
        await writing;
        DeadLetterReplayResult last = await new DeadLetterReplay(repository, Sink()).RunAsync(cancellationToken: Token);

        Digest digest = await repository.GetAsync(Some.Date, Token);
        Assert.Equal((200, 0), (digest.Count, Files().Length));
        Assert.All(replays.Append(last), replay => Assert.Equal(new DeadLetterReplayResult { Letters = replay.Letters, Stored = replay.Letters }, replay));
        Assert.InRange(replays.Append(last).Sum(replay => replay.Letters), 200, int.MaxValue);
        Assert.All(digest, item => Assert.Equal(1, item.Revision));
    }

    private string[] Files() => Directory.GetFiles(_directory.FullName, "*", SearchOption.AllDirectories);

    private FileDeadLetterSink Sink() => new(new FileDeadLetterOptions { Directory = _directory.FullName });

    private Task WriteAsync(int writer, int writes) => Task.Run(
        async () =>
        {
            FileDeadLetterSink sink = Sink();
            for (int n = 0; n < writes; n++)
            {
                await sink.WriteAsync([Letters.Of((writer * writes) + n)], Token);
            }
        },
        Token);

    private Task<DeadLetterReplayResult> ReplayUntilAsync(Task writing, InMemoryDigestRepository repository) => Task.Run(
        async () =>
        {
            var total = new DeadLetterReplayResult();
            var replay = new DeadLetterReplay(repository, Sink());
            while (!writing.IsCompleted)
            {
                DeadLetterReplayResult result = await replay.RunAsync(cancellationToken: Token);
                total = new DeadLetterReplayResult
                {
                    Letters = total.Letters + result.Letters,
                    Stored = total.Stored + result.Stored,
                    Superseded = total.Superseded + result.Superseded,
                    Rejected = total.Rejected + result.Rejected,
                    Kept = total.Kept + result.Kept,
                    Unreadable = total.Unreadable + result.Unreadable,
                };
            }

            return total;
        },
        Token);
}
