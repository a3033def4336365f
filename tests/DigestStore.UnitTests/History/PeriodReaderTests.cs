using DigestStore.Records;
using DigestStore.Table;
using DigestStore.Testing;

namespace DigestStore.UnitTests.History;

public sealed class PeriodReaderTests
{
    private const int Ahead = 4;

    private readonly TableDouble _table = new();

    [Fact]
    public async Task Four_days_are_requested_at_once_and_no_more_however_the_answers_come()
    {
        await StoreAsync(30);
        var open = new List<(DateOnly Date, TaskCompletionSource Answer)>();
        int most = 0;
        _table.OnQuery = request => Held(request);
        IAsyncEnumerator<Digest> days = Repository().ReadDaysAsync(Day(0), Day(29), TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);

        for (int day = 0; day < 30; day++)
        {
            Task<bool> next = days.MoveNextAsync().AsTask();

            // The last of the open requests is answered first, so that the order of the answers is not that of the days.
            while (!next.IsCompleted)
            {
                TaskCompletionSource answer;
                lock (open)
                {
                    most = Math.Max(most, open.Count);
                    answer = open.Count > 0 ? open[^1].Answer : new TaskCompletionSource();
                    open.RemoveAll(entry => entry.Answer == answer);
                }

                answer.TrySetResult();
                await Task.Yield();
            }

            Assert.True(await next);
            Assert.Equal((Day(day), 2), (days.Current.Date, days.Current.Count));
        }

        Assert.False(await days.MoveNextAsync());
        await days.DisposeAsync();
        Assert.InRange(most, 2, Ahead);
        Assert.Equal(30, _table.Queries.Count);

        async Task<PageReply> Held(PageRequest request)
        {
            var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (open)
            {
                open.Add((request.Day!.Value, answer));
            }

            await answer.Task;
            return await new InMemoryTable(_table.Storage).QueryAsync(request, new Attempt(CancellationToken.None));
        }
    }

    // Days of several pages are read when it is their turn, so that only first pages wait in memory.
    [Fact]
    public async Task No_more_than_four_pages_are_read_ahead_of_the_consumer()
    {
        await StoreAsync(20, items: 3);
        _table.OnQuery = request => new InMemoryTable(_table.Storage).QueryAsync(request with { Limit = 1 }, new Attempt(CancellationToken.None));
        int read = 0;
        await foreach (Digest day in Repository().ReadDaysAsync(Day(0), Day(19), TestContext.Current.CancellationToken))
        {
            read++;
            Assert.Equal(3, day.Count);
            Assert.All(_table.Queries.Where(query => query.Day > day.Date), static query => Assert.Null(query.After));
            Assert.InRange(_table.Queries.Count(query => query.Day > day.Date), 0, Ahead);
        }

        Assert.Equal(20, read);
    }

    [Fact]
    public async Task A_consumer_that_stops_early_leaves_no_request_behind()
    {
        await StoreAsync(30);

        await foreach (Digest day in Repository().ReadDaysAsync(Day(0), Day(29), TestContext.Current.CancellationToken))
        {
            Assert.Equal(Day(0), day.Date);
            break;
        }

        Assert.InRange(_table.Queries.Count, 1, Ahead + 1);
    }

    // The days before it come, the day itself is the error, and none after it.
    [Fact]
    public async Task A_day_that_cannot_be_read_is_an_error_in_its_place()
    {
        await StoreAsync(10);
        _table.OnQuery = request => request.Day == Day(5) ? Task.FromResult(new PageReply { Fault = Some.Fault(FaultKind.AccessDenied, 400) }) : null;
        var read = new List<DateOnly>();

        DigestStoreException thrown = await Assert.ThrowsAsync<DigestStoreException>(async () =>
        {
            await foreach (Digest day in Repository().ReadDaysAsync(Day(0), Day(9), TestContext.Current.CancellationToken))
            {
                read.Add(day.Date);
            }
        });

        Assert.Equal(DigestStoreErrorReason.AccessDenied, thrown.Reason);
        Assert.Contains("2026-11-21/2026-11-30", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(0, 5).Select(Day), read);
        await Assert.ThrowsAsync<DigestStoreException>(() => Repository().GetStatisticsAsync(Day(0), Day(9), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_day_that_lost_its_header_is_read_and_counted()
    {
        await StoreAsync(3);
        _table.Storage.With("digests", Some.Settings().PartitionOf(Day(1)).Key, static records => records.Remove(RecordKeys.Header));

        PeriodStatistics statistics = await Repository().GetStatisticsAsync(Day(0), Day(5), TestContext.Current.CancellationToken);

        Assert.Equal((3, 1, 6), (statistics.Days, statistics.DaysWithoutHeader, statistics.Items));
        Assert.Equal(3, await Repository().ReadDaysAsync(Day(0), Day(5), TestContext.Current.CancellationToken).CountAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Unreadable_records_are_counted_and_make_a_day_of_their_own()
    {
        string key = Some.Settings().PartitionOf(Day(1)).Key;
        _table.Storage.With("digests", key, records => records[RecordKeys.Item(Some.Id(1))] = new()
        {
            [AttributeNames.Pk] = ItemMapper.Text(key),
            [AttributeNames.Sk] = ItemMapper.Text(RecordKeys.Item(Some.Id(1))),
            [AttributeNames.Version] = ItemMapper.Number(2),
        });

        PeriodStatistics statistics = await Repository().GetStatisticsAsync(Day(0), Day(5), TestContext.Current.CancellationToken);
        List<Digest> days = await Repository().ReadDaysAsync(Day(0), Day(5), TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal((1, 1, 0), (statistics.Days, statistics.Unreadable, statistics.Items));
        Assert.Equal((0, 1), (Assert.Single(days).Count, days[0].Unreadable));
    }

    // The time that a consumer takes is its own, however long it is.
    [Fact]
    public async Task A_slow_consumer_does_not_use_up_the_time_of_the_pages()
    {
        await StoreAsync(10);
        var clock = new FixedClock { Hurry = TimeSpan.FromSeconds(2) };
        int read = 0;
        await foreach (Digest _ in Some.Repository(_table, time: clock).ReadDaysAsync(Day(0), Day(9), TestContext.Current.CancellationToken))
        {
            clock.Advance(TimeSpan.FromHours(1));
            read++;
        }

        Assert.Equal(10, read);
    }

    private static DateOnly Day(int offset) => Some.Date.AddDays(offset);

    private DigestRepository Repository() => Some.Repository(_table);

    private async Task StoreAsync(int days, int items = 2)
    {
        var repository = Some.Repository(new TableDouble(_table.Storage));
        for (int day = 0; day < days; day++)
        {
            await repository.StoreAsync(Day(day), Some.Items(items), cancellationToken: TestContext.Current.CancellationToken);
        }
    }
}
