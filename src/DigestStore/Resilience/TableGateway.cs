using DigestStore.Calls;
using DigestStore.Configuration;
using DigestStore.DynamoDb;
using DigestStore.Records;
using DigestStore.Table;
using DigestStore.Telemetry;
using Polly;

namespace DigestStore.Resilience;

// Every call of the port goes through here: counted, bounded in time, retried, and never throwing.
internal sealed class TableGateway(IDigestTable table, CallScope scope, StoreSettings settings, CircuitBreaker breaker, Instruments instruments)
{
    private static readonly TimeSpan CutTime = TimeSpan.FromMilliseconds(50);

    // Made by the first request that has to be repeated. Two made at once are as good as one.
    private ResiliencePipeline<TableReply>? _retries;

    // Why the newest answer that was less than asked for was so: what a request that follows is repeated for.
    private volatile FaultKind _retryCause = FaultKind.Throttled;

    public CallScope Scope => scope;

    // Every call begins with a read, so the breaker watches those.
    public Task<PageReply> QueryAsync(PageRequest request) => breaker.RunAsync(
        () => RetryAsync(isRetry => AttemptAsync(token => table.QueryAsync(request, token), static fault => new PageReply { Fault = fault }, isRetry)),
        static fault => new PageReply { Fault = fault },
        settings.Options.AttemptTimeout);

    public Task<LookupReply> LookupAsync(LookupRequest request) => breaker.RunAsync(
        () => LookupAllAsync(request),
        fault => new LookupReply { Fault = fault, Asked = request.Keys.Count },
        settings.Options.AttemptTimeout);

    private async Task<LookupReply> LookupAllAsync(LookupRequest request)
    {
        var records = new List<StoredRecord>(request.Keys.Count);
        LookupRequest rest = request;
        int round = 0;
        while (true)
        {
            LookupReply reply = await RetryAsync(isRetry => AttemptAsync(
                token => table.LookupAsync(rest, token),
                fault => new LookupReply { Fault = fault, Asked = rest.Keys.Count },
                isRetry || !ReferenceEquals(rest, request))).ConfigureAwait(false);
            records.AddRange(reply.Records);

            // Leaves the loop: each further round asks for fewer keys than the one before.
            if (reply.CameToNothing || reply.Unprocessed.Count == 0)
            {
                TableFault? fault = reply.Fault ?? (reply.Unprocessed.Count > 0 ? new TableFault(FaultKind.Throttled, "UnprocessedKeys") : null);
                return new LookupReply { Records = records, Asked = reply.Asked, Fault = fault };
            }

            if (!await PauseAsync(round++).ConfigureAwait(false))
            {
                return new LookupReply { Asked = reply.Asked, Fault = scope.EndFault };
            }

            rest = rest with { Keys = reply.Unprocessed };
        }
    }

    // Before what was left over is asked for again. False when the call is over.
    public async Task<bool> PauseAsync(int round)
    {
        try
        {
            TimeSpan pause = Backoff.Delay(FaultKind.Throttled, round, settings.Options, Random.Shared.NextDouble());
            await Task.Delay(pause, scope.Time, scope.Ended).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    // Where a refusal does not tell the record, as by dynalite, one look-up takes its place. That is weaker: the record may have changed since.
    public async Task<UpdateReply> UpdateAsync(RecordUpdate update)
    {
        UpdateReply reply = await RetryAsync(isRetry => AttemptAsync(
            token => table.UpdateAsync(update, token), static fault => new UpdateReply { Fault = fault }, isRetry)).ConfigureAwait(false);
        if (!reply.IsRefused || reply.Old is not null)
        {
            return reply;
        }

        LookupReply found = await LookupAsync(new LookupRequest(update.Table, [update.Key], Consistent: true)).ConfigureAwait(false);
        return new UpdateReply { Fault = reply.Fault, Old = found.Records is [var there] ? there : null };
    }

    // One attempt: the writer packs what is left anew before each, inside RetryAsync.
    public Task<WriteReply> WriteOnceAsync(WriteBatch batch, bool isRetry) => AttemptAsync(
        token => table.WriteAsync(batch, token),
        fault => new WriteReply { Fault = fault, Sent = batch.Puts.Count + batch.Deletes.Count },
        isRetry);

    public Task<T> RetryAsync<T>(Func<bool, Task<T>> attempt)
        where T : TableReply => RetryAsync(attempt, scope.Ended);

    // The token ends the back-off. Nearly every request is answered at once, so the pipeline is entered only when one is not.
    public async Task<T> RetryAsync<T>(Func<bool, Task<T>> attempt, CancellationToken cancellationToken)
        where T : TableReply
    {
        T first = await attempt(false).ConfigureAwait(false);
        return RetryPipeline.IsWorthRetrying(first, attempt: 0) ? await RetryAsync(first, attempt, cancellationToken).ConfigureAwait(false) : first;
    }

    // The first attempt, which has been made, is the pipeline's first.
    private async Task<T> RetryAsync<T>(T first, Func<bool, Task<T>> attempt, CancellationToken cancellationToken)
        where T : TableReply
    {
        T? last = null;
        try
        {
            _retries ??= RetryPipeline.Create(settings.Options, scope.Time);
            return (T)await _retries.ExecuteAsync(
                async _ => (TableReply)(last = last is null ? first : await attempt(true).ConfigureAwait(false)),
                cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The wait was cut short: what the last attempt brought is still the answer.
            return last ?? first;
        }
    }

    private Task<T> AttemptAsync<T>(Func<CancellationToken, Task<T>> send, Func<TableFault, T> failed, bool isRetry)
        where T : TableReply
    {
        if (table is UnavailableTable unavailable)
        {
            return Task.FromResult(failed(unavailable.Fault));
        }

        return scope.IsOver
            ? Task.FromResult(failed(scope.EndFault with { NotSent = true }))
            : SendAsync(send, failed, isRetry ? TagValues.Of(_retryCause) : null);
    }

    private async Task<T> SendAsync<T>(Func<CancellationToken, Task<T>> send, Func<TableFault, T> failed, string? retryReason)
        where T : TableReply
    {
        scope.CountRequest(retryReason);
        long began = scope.Time.GetTimestamp();

        // Not linked to the scope: what the client hangs on this token is not ours, and would run where the call's end is announced.
        var abandon = new CancellationTokenSource();
        CancellationToken abandoned = abandon.Token;
        var flow = new Attempt(abandoned);

        // Off this thread, because the SDK may block in it before its first await (credential providers do), and with a wait of
        // our own, because neither the SDK's time-out nor its token covers a stalled body or a provider that ignores them.
        Task<T> answer = Task.Run(
            () =>
            {
                // A thread may be free for it only when it is not wanted any more.
                if (abandoned.IsCancellationRequested)
                {
                    return Task.FromCanceled<T>(abandoned);
                }

                if (scope.IsOver)
                {
                    return Task.FromResult(failed(scope.EndFault with { NotSent = true }));
                }

                Attempt.Begin(flow);
                return send(abandoned);
            },
            CancellationToken.None);
        T reply;
        try
        {
            reply = await answer.WaitAsync(settings.Options.AttemptTimeout, scope.Time, scope.Ended).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            reply = await AbandonAsync(answer, abandon, () => failed(Late(flow, new TableFault(FaultKind.TimedOut, "AttemptTimeout")))).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            reply = await AbandonAsync(answer, abandon, () => failed(scope.IsCanceledByCaller ? scope.EndFault : Late(flow, scope.EndFault))).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // A table tells its faults as values, so this is an error of our own, or of a client that ends what it was asked by itself.
            reply = failed(new TableFault(KindOf(exception), exception.GetType().Name));
        }
        finally
        {
            // An abandoned one is disposed of when it has told everybody.
            if (!abandon.IsCancellationRequested)
            {
                abandon.Dispose();
            }
        }

        // The disposal of the repository takes its own client away from requests that are under way: whatever they end with, nobody knows.
        if (scope.IsDisposed && reply.Fault is { Status: 0, NotSent: false } and not { Kind: FaultKind.Unreachable })
        {
            reply = failed(scope.EndFault);
        }

        Learn(reply);
        instruments.RequestDone(settings.Options.TableName, reply, scope.Time.GetElapsedTime(began), retryReason);
        return reply;
    }

    private static FaultKind KindOf(Exception exception) => exception switch
    {
        OperationCanceledException => FaultKind.TimedOut,
        ObjectDisposedException => FaultKind.Disposed,
        _ => FaultKind.Internal,
    };

    // An attempt that was given up before it had anything to sign with says nothing of the table.
    private static TableFault Late(Attempt flow, TableFault fault) => flow.IsWithoutCredentials
        ? new TableFault(FaultKind.CredentialsRefused, fault.Kind.ToString()) { NotSent = true, IsPassing = true }
        : fault;

    private void Learn(TableReply reply)
    {
        scope.CountAnswer(reply.RequestId ?? reply.Fault?.RequestId);
        scope.CountUnits(reply);
        if (reply.CameToNothing || reply.IsPartial)
        {
            // Left over is how DynamoDB says "throttled" in a 200.
            _retryCause = reply.Fault?.Kind ?? FaultKind.Throttled;
        }
    }

    // A client that ignores its token goes on sending after the call that asked for it is over: that is counted. A request that ended by
    // being given up is not late.
    private async Task<T> AbandonAsync<T>(Task answer, CancellationTokenSource abandon, Func<T> instead)
        where T : TableReply
    {
        // First, so that a request that still waits for its credentials then can not go out any more, and "not sent" is true.
        Task canceling = LeftBehind.CancelAsync(abandon);
        T reply = instead();
        _ = answer.ContinueWith(
            ended =>
            {
                _ = ended.Exception;
                if (!ended.IsCanceled)
                {
                    instruments.AnsweredLate(settings.Options.TableName, reply.Operation);
                }
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);

        // Waited for shortly: an honest client's connections are cut before the call returns.
        try
        {
            // On the real clock: it is a real thread that may hang.
            await canceling.WaitAsync(CutTime, TimeProvider.System, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Left behind.
        }

        return reply;
    }
}
