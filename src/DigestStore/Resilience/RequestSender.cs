using DigestStore.Calls;
using DigestStore.Configuration;
using DigestStore.Table;
using DigestStore.Telemetry;

namespace DigestStore.Resilience;

// Sends one request once: counts it, waits for its answer no longer than AttemptTimeout and the call last, and turns whatever goes wrong
// into a reply with a fault.
internal sealed class RequestSender(OpenedTable opened, CallScope scope, StoreSettings settings, Instruments instruments)
{
    private static readonly TimeSpan TimeToCutConnections = TimeSpan.FromMilliseconds(50);

    // The reason of the newest answer that brought less than was asked for. A request that repeats another one is counted under this
    // reason.
    private volatile FaultKind _retryCause = FaultKind.Throttled;

    public Task<T> SendAsync<T>(Func<IDigestTable, Attempt, Task<T>> send, Func<TableFault, T> failed, bool isRetry)
        where T : TableReply
    {
        if (!opened.IsOpen)
        {
            return Task.FromResult(failed(opened.Fault));
        }

        return scope.IsOver
            ? Task.FromResult(failed(scope.EndFault with { NotSent = true }))
            : SendAsync(opened.Table, send, failed, isRetry ? TagValues.Of(_retryCause) : null);
    }

    private async Task<T> SendAsync<T>(IDigestTable table, Func<IDigestTable, Attempt, Task<T>> send, Func<TableFault, T> failed, string? retryReason)
        where T : TableReply
    {
        scope.CountRequest(retryReason);
        long began = scope.Time.GetTimestamp();

        // This token is not linked to the scope. The client registers callbacks of its own with it, and callbacks of a linked token would
        // run on the thread that ends the call.
        var abandon = new CancellationTokenSource();
        CancellationToken abandoned = abandon.Token;
        var attempt = new Attempt(abandoned);

        // The request runs on another thread, because the SDK may block before its first await (credential providers do). The wait for it
        // is our own, because neither the SDK's time-out nor its token covers a stalled body or a provider that ignores both.
        Task<T> answer = Task.Run(
            () =>
            {
                // A busy pool may have a thread for the request only after it was given up.
                if (abandoned.IsCancellationRequested)
                {
                    return Task.FromCanceled<T>(abandoned);
                }

                if (scope.IsOver)
                {
                    return Task.FromResult(failed(scope.EndFault with { NotSent = true }));
                }

                return send(table, attempt);
            },
            CancellationToken.None);
        T reply;
        try
        {
            reply = await answer.WaitAsync(settings.Options.AttemptTimeout, scope.Time, scope.Ended).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            reply = await AbandonAsync(answer, abandon, () => failed(FaultWithoutAnswer(attempt, new TableFault(FaultKind.TimedOut, "AttemptTimeout")))).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            reply = await AbandonAsync(answer, abandon, () => failed(FaultWithoutAnswer(attempt, scope.EndFault))).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // A table returns its faults as values. So the exception is a defect of this library, or comes from a client that canceled or
            // disposed of the request by itself.
            reply = failed(new TableFault(KindOf(exception), exception.GetType().Name));
        }
        finally
        {
            // When the request was abandoned, the source is disposed of after its callbacks have run.
            if (!abandon.IsCancellationRequested)
            {
                abandon.Dispose();
            }
        }

        // The disposal of the repository also disposes of its client. An error that a request under way ends with then says nothing about
        // whether the request was carried out.
        if (scope.IsDisposed && reply.Fault is { Status: 0, NotSent: false } and not { Kind: FaultKind.Unreachable })
        {
            reply = failed(scope.EndFault);
        }

        Record(reply);
        instruments.RequestDone(settings.Options.TableName, reply, scope.Time.GetElapsedTime(began), retryReason);
        return reply;
    }

    private static FaultKind KindOf(Exception exception) => exception switch
    {
        OperationCanceledException => FaultKind.TimedOut,
        ObjectDisposedException => FaultKind.Disposed,
        _ => FaultKind.Internal,
    };

    private TableFault FaultWithoutAnswer(Attempt attempt, TableFault fault)
    {
        if (attempt.TryWithdraw())
        {
            return fault with { NotSent = true };
        }

        // A request that was given up while it still waited for credentials was never sent, and its end says nothing about the table.
        return attempt.IsWithoutCredentials && !scope.IsCanceledByCaller
            ? new TableFault(FaultKind.CredentialsRefused, fault.Kind.ToString()) { NotSent = true, IsTemporary = true }
            : fault;
    }

    private void Record(TableReply reply)
    {
        scope.CountAnswer(reply.RequestId ?? reply.Fault?.RequestId);
        scope.CountUnits(reply);
        if (reply.MadeNoProgress || reply.IsPartial)
        {
            // DynamoDB leaves items over when it throttles, and then its answer is a 200 without a fault.
            _retryCause = reply.Fault?.Kind ?? FaultKind.Throttled;
        }
    }

    // Gives the request up. A client that ignores its token may still carry it out after the call is over: operators can count how often
    // that happens. A request that ends because it was given up is not counted.
    private async Task<T> AbandonAsync<T>(Task answer, CancellationTokenSource abandon, Func<T> replyInstead)
        where T : TableReply
    {
        // The request is canceled before the reply is made. If it still waits for its credentials, it cannot be sent any more after that,
        // so that a reply which says "not sent" is true.
        Task canceling = AbandonedTasks.CancelAsync(abandon);
        T reply = replyInstead();
        _ = answer.ContinueWith(
            ended =>
            {
                // Reading the exception marks it as observed.
                _ = ended.Exception;
                if (!ended.IsCanceled)
                {
                    instruments.AnsweredLate(settings.Options.TableName, reply.Operation);
                }
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);

        // A short wait lets a client that heeds its token cut its connection before the call returns.
        try
        {
            // The wait uses the real clock, because the thread that may hang is a real one.
            await canceling.WaitAsync(TimeToCutConnections, TimeProvider.System, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The client's callback hangs. The call goes on without it.
        }

        return reply;
    }
}
