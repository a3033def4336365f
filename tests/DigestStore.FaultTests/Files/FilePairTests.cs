using DigestStore.FaultTests.Child;

namespace DigestStore.FaultTests;

public sealed class FilePairTests
{
    [Fact]
    [FaultRow(105, "Two processes store and send the same days of one file at once", "Nothing fails, all items are there and counted, and each day is sent once.")]
    public async Task Two_processes_store_and_send_the_same_days_of_one_file_at_once()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("digeststore-pair-");
        try
        {
            int seed = Random.Shared.Next(1_000_000_000);
            TestContext.Current.SendDiagnosticMessage($"seed {seed}");
            FileEvent[][] told = await Task.WhenAll(await StartAsync(folder, seed, workers: 2));

            AssertStored([.. told.SelectMany(static events => events).Where(static done => done.Step == FileStep.Stored)]);
            AssertSent(folder, [.. told.SelectMany(static events => events).Where(static done => done.Step == FileStep.SendEnded)]);
            using var store = new FileStore(folder.FullName, new FileClock(1));
            for (int day = 0; day < FilePair.Days; day++)
            {
                await AssertDayAsync(store.Repository, day);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<IEnumerable<Task<FileEvent[]>>> StartAsync(DirectoryInfo folder, int seed, int workers)
    {
        ChildProcess[] children = await Task.WhenAll(Enumerable.Range(0, workers).Select(worker => ChildProcess.StartAsync("file", "pair", folder.FullName, $"{seed + worker}", $"{worker}")));
        foreach (ChildProcess child in children)
        {
            await child.TellAsync("go");
        }

        return children.Select(ReadAsync);
    }

    private static async Task<FileEvent[]> ReadAsync(ChildProcess child)
    {
        using (child)
        {
            var told = new List<FileEvent>();
            while (await child.ReadAsync() is { } line)
            {
                told.Add(FileEvent.Parse(line));
            }

            Assert.Equal(0, await child.ExitCodeAsync());
            return [.. told];
        }
    }

    // New items, the same again, and other content: each call of each process is counted as if it were alone.
    private static void AssertStored(FileEvent[] stored)
    {
        Assert.Equal(2 * FilePair.Days * FilePair.Versions.Count, stored.Length);
        Assert.All(stored, static done => Assert.Equal(nameof(StoreStatus.Stored), done.Outcome));
        Assert.All(stored.GroupBy(static done => (done.Range.Day, done.Range.Worker)), static calls => Assert.Equal(
            [(FilePair.Items, 0, 0), (0, 0, FilePair.Items), (0, FilePair.Items, 0)], calls.Select(static done => done.Counts!.Value)));
    }

    private static void AssertSent(DirectoryInfo folder, FileEvent[] ended)
    {
        Assert.Equal(2 * FilePair.Days, ended.Length);
        Assert.All(ended.GroupBy(static done => done.Range.Day), static day => Assert.Equal(
            [nameof(DeliveryOutcome.AlreadyDelivered), nameof(DeliveryOutcome.Delivered)], day.Select(static done => done.Outcome).Order(StringComparer.Ordinal)));
        FileMail[] mails = [.. File.ReadAllLines(Path.Combine(folder.FullName, FileMail.LogName)).Select(FileMail.Parse)];
        Assert.Equal(Enumerable.Range(0, FilePair.Days), mails.Select(static mail => mail.Range.Day).Order());
        Assert.DoesNotContain(mails, static mail => mail.IsRepeat);
    }

    private static async Task AssertDayAsync(DigestRepositoryBase repository, int day)
    {
        DateOnly date = FileRange.DateOf(day);
        Digest digest = await repository.GetAsync(date, TestContext.Current.CancellationToken);
        IEnumerable<DigestItem> wanted = Enumerable.Range(0, 2).SelectMany(worker => new FileRange(day, worker, 0, FilePair.Items).Items(FilePair.Versions[^1]));
        Assert.Equal(wanted.OrderBy(static item => item.Url, StringComparer.Ordinal), digest.Select(static item => item.Item).OrderBy(static item => item.Url, StringComparer.Ordinal));
        DigestDay header = await repository.ListDaysAsync(date, date, TestContext.Current.CancellationToken).SingleAsync(TestContext.Current.CancellationToken);
        Assert.Equal((2L * FilePair.Items, 2L * FilePair.Versions.Count, DeliveryStatus.Delivered), (header.ItemsInserted, header.Runs, header.Status));
    }
}
