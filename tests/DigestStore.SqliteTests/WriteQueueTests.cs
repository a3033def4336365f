using DigestStore.Sqlite;
using DigestStore.Table;

namespace DigestStore.SqliteTests;

public sealed class WriteQueueTests
{
    private readonly WriteQueue _queue = new();

    [Fact]
    public void Entries_are_taken_in_their_order_and_those_that_were_withdrawn_are_left_out()
    {
        Attempt[] attempts = [Queued(), Queued(), Queued()];
        WriteEntry[] entries = [.. attempts.Select(static attempt => Entry(attempt))];
        Assert.All(entries, entry => Assert.Equal(WriteQueue.Admission.Queued, _queue.TryAdd(entry)));

        Assert.True(attempts[1].TryWithdraw());

        Assert.Same(entries[0], _queue.Take());
        Assert.Same(entries[2], _queue.Take());
        Assert.Null(_queue.Take());
        Assert.False(attempts[0].TryWithdraw());
    }

    [Fact]
    public void The_queue_is_full_by_bytes_but_takes_any_one_entry()
    {
        Assert.Equal(WriteQueue.Admission.Queued, _queue.TryAdd(Entry(Queued(), WriteQueue.MaxBytes + 1)));
        Assert.Equal(WriteQueue.Admission.Full, _queue.TryAdd(Entry(Queued(), 1)));

        Assert.NotNull(_queue.Take());

        Assert.Equal(WriteQueue.Admission.Queued, _queue.TryAdd(Entry(Queued(), WriteQueue.MaxBytes - 1)));
        Assert.Equal(WriteQueue.Admission.Queued, _queue.TryAdd(Entry(Queued(), 1)));
        Assert.Equal(WriteQueue.Admission.Full, _queue.TryAdd(Entry(Queued(), 1)));
    }

    [Fact]
    public void Only_the_impatient_give_up()
    {
        WriteEntry impatient = Entry(Queued(), patience: TimeSpan.Zero);
        WriteEntry patient = Entry(Queued(), patience: TimeSpan.FromHours(2));
        Assert.Equal(WriteQueue.Admission.Queued, _queue.TryAdd(Entry(Queued(), patience: TimeSpan.FromHours(3))));
        Assert.Equal(WriteQueue.Admission.Queued, _queue.TryAdd(impatient));
        Assert.Equal(WriteQueue.Admission.Queued, _queue.TryAdd(patient));

        Assert.Same(impatient, Assert.Single(_queue.TakeImpatient(out TimeSpan? left)));
        Assert.InRange(left!.Value, TimeSpan.FromHours(1), TimeSpan.FromHours(2));
        Assert.Empty(_queue.TakeImpatient(out _));
    }

    [Fact]
    public void A_closed_queue_admits_nothing_and_keeps_what_it_has()
    {
        WriteEntry entry = Entry(Queued());
        _queue.TryAdd(entry);

        _queue.Close();

        Assert.Equal(WriteQueue.Admission.Closed, _queue.TryAdd(Entry(Queued())));
        Assert.Same(entry, _queue.Take());
        Assert.False(_queue.Wait(limit: null));
    }

    private static Attempt Queued()
    {
        var attempt = new Attempt(CancellationToken.None);
        attempt.Enqueue();
        return attempt;
    }

    private static WriteEntry<UpdateReply> Entry(Attempt attempt, long bytes = 1, TimeSpan? patience = null) =>
        new(attempt, bytes, patience ?? TimeSpan.FromHours(1), static _ => new UpdateReply(), static fault => new UpdateReply { Fault = fault });
}
