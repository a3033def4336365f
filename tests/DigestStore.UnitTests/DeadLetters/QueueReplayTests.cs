using DigestStore.Table;

namespace DigestStore.UnitTests.DeadLetters;

// A replay of letters that are in no file.
public sealed class QueueReplayTests : IDisposable
{
    private readonly ReplayDesk _desk = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _desk.Dispose();

    [Fact]
    public async Task What_a_failed_store_has_left_in_a_queue_is_stored_by_a_replay_and_leaves_the_queue()
    {
        var queue = new LetterQueue(batchSize: 2);
        using DigestRepository repository = Repository(queue);
        Throttle();
        StoreResult failed = await _desk.Time.RunAsync(() => repository.StoreAsync(Some.Date, Some.Items(5), cancellationToken: Token));
        Assert.Equal((5, 5), (failed.DeadLettered, queue.Letters.Count));
        _desk.Table.OnWriteAsync = static (_, _) => null;

        DeadLetterReplayResult result = await ReplayAsync(queue);

        Assert.Equal(new DeadLetterReplayResult { Letters = 5, Stored = 5 }, result);
        Assert.Empty(queue.Letters);
        Assert.Equal(5, (await repository.GetAsync(Some.Date, Token)).Count);
    }

    [Fact]
    public async Task The_newest_letter_of_a_page_is_stored_in_whatever_batch_it_is()
    {
        var queue = new LetterQueue(batchSize: 1);
        await queue.WriteAsync([Aged("oldest", 2), Aged("newest", 0), Aged("middle", 1)], Token);

        DeadLetterReplayResult result = await ReplayAsync(queue);

        Assert.Equal(new DeadLetterReplayResult { Letters = 3, Stored = 3 }, result);
        Assert.Equal("newest", await _desk.TitleAsync());
        Assert.Empty(queue.Letters);
        Assert.Equal([DeadLetterFate.Stored, DeadLetterFate.Stored, DeadLetterFate.Stored], queue.Fates.TakeLast(3));
    }

    [Fact]
    public async Task Every_letter_of_a_batch_is_told_its_fate_in_its_place()
    {
        await _desk.StoreAsync("there already");
        DeadLetter foreign = _desk.Letter("foreign") with { Digest = "other" };
        var queue = new LetterQueue();
        await queue.WriteAsync([_desk.Letter("new") with { Item = Some.Item(1) }, foreign, _desk.Letter("superseded"), _desk.Letter("") with { Item = Some.Item(2) with { Title = "" } }], Token);

        DeadLetterReplayResult result = await ReplayAsync(queue);

        Assert.Equal(new DeadLetterReplayResult { Letters = 3, Stored = 1, Superseded = 1, Rejected = 1, Foreign = 1 }, result);
        Assert.Equal([DeadLetterFate.Stored, DeadLetterFate.Kept, DeadLetterFate.Superseded, DeadLetterFate.Rejected], queue.Fates);
        Assert.Same(foreign, Assert.Single(queue.Letters));
        Assert.Equal(0, queue.Hidden);
    }

    [Fact]
    public async Task A_letter_that_fails_again_goes_back_with_one_more_attempt_and_the_older_ones_of_its_page_as_they_are()
    {
        DeadLetter newest = Aged("newest", 0) with { CorrelationId = "of its store" };
        DeadLetter older = Aged("older", 1);
        var queue = new LetterQueue(batchSize: 1);
        await queue.WriteAsync([older, newest], Token);
        Throttle();

        DeadLetterReplayResult result = await ReplayAsync(queue);

        Assert.Equal(new DeadLetterReplayResult { Letters = 2, Kept = 2 }, result);
        Assert.Same(older, queue.Letters[0]);
        Assert.Equal(newest with { Attempts = 1, Reason = StoreProblemReason.Throttled }, queue.Letters[1]);
        Assert.Equal(0, queue.Hidden);

        _desk.Table.OnWriteAsync = static (_, _) => null;
        Assert.Equal(new DeadLetterReplayResult { Letters = 2, Stored = 2 }, await ReplayAsync(queue));
        Assert.Equal("newest", await _desk.TitleAsync());
    }

    [Fact]
    public async Task A_queue_that_cannot_settle_ends_the_replay_and_its_letters_come_again()
    {
        var queue = new LetterQueue(batchSize: 1) { SettleError = new InvalidTimeZoneException() };
        await queue.WriteAsync([_desk.Letter("first"), _desk.Letter("second") with { Item = Some.Item(1) }], Token);

        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => ReplayAsync(queue));

        Assert.Equal((2, 0), (queue.Letters.Count, queue.Hidden));
        queue.SettleError = null;
        Assert.Equal(new DeadLetterReplayResult { Letters = 2, Stored = 2 }, await ReplayAsync(queue));
        Assert.Empty(queue.Letters);
    }

    [Fact]
    public async Task A_batch_that_cannot_be_released_neither_keeps_another_one_from_it_nor_hides_the_result()
    {
        var queue = new LetterQueue(batchSize: 1) { ReleaseError = new InvalidTimeZoneException() };
        await queue.WriteAsync([_desk.Letter("first"), _desk.Letter("second") with { Item = Some.Item(1) }], Token);
        Throttle();

        Assert.Equal(new DeadLetterReplayResult { Letters = 2, Kept = 2 }, await ReplayAsync(queue));

        Assert.Equal((2, 0), (queue.Letters.Count, queue.Hidden));
    }

    [Fact]
    public async Task An_error_of_the_process_comes_out_of_a_release()
    {
        var queue = new LetterQueue { ReleaseError = new InsufficientExecutionStackException() };
        await queue.WriteAsync([_desk.Letter("letter")], Token);

        await Assert.ThrowsAsync<InsufficientExecutionStackException>(() => ReplayAsync(queue));
    }

    [Fact]
    public async Task A_file_is_settled_only_as_it_was_claimed_and_read()
    {
        _desk.Put("a.jsonl", Letters.Line(_desk.Letter("letter")));
        DeadLetterBatch batch = Assert.Single(await _desk.Sink.GetBatchesAsync(_desk.Options.TableName, Token).ToListAsync(Token));
        Assert.Single(await batch.ReadAsync(Token).ToListAsync(Token));

        await Assert.ThrowsAsync<InvalidOperationException>(() => batch.SettleAsync([default]));
        Assert.True(await batch.TryClaimAsync(Token));
        await Assert.ThrowsAsync<ArgumentException>(() => batch.SettleAsync([default, default]));

        // Kept as it is: the file stays, and is free again.
        await batch.SettleAsync([default]);
        Assert.Equal(new DeadLetterReplayResult { Letters = 1, Stored = 1 }, await _desk.ReplayAsync());
        Assert.False(await batch.TryClaimAsync(Token));
        Assert.Empty(await batch.ReadAsync(Token).ToListAsync(Token));
        await batch.DisposeAsync();
    }

    private DeadLetter Aged(string title, int hours) => _desk.Letter(title) with { StoreStartedAt = _desk.Time.GetUtcNow().AddHours(-hours) };

    private void Throttle() => _desk.Table.OnWrite = static _ => new WriteReply { Sent = 1, Fault = new TableFault(FaultKind.Throttled) };

    private DigestRepository Repository(IDeadLetterSink sink) =>
        new(_desk.Table.ToSource(), () => _desk.Options, new DigestStoreServices { TimeProvider = _desk.Time, DeadLetters = sink });

    private async Task<DeadLetterReplayResult> ReplayAsync(LetterQueue queue)
    {
        using DigestRepository repository = Repository(queue);
        return await _desk.Time.RunAsync(() => new DeadLetterReplay(repository, queue).RunAsync(cancellationToken: Token));
    }
}
