using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using DigestStore.Calls;
using DigestStore.DynamoDb;
using DigestStore.Records;
using DigestStore.Table;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.Doctor;

// Sends all requests at once and each of them once, so that an inspection takes no longer than one request.
internal sealed class TableInspection(Func<DigestStoreOptions, DoctorClient> open, DigestStoreOptions options, TimeProvider time)
{
    public const int MaxDays = 7;

    // 25 records of a day show whether a store was killed, and cost almost nothing to read.
    private const int RecordsOfADay = 25;
    private const int MaxHeaders = 60;

    // A day has one manifest. Only one with tens of thousands of links has further parts.
    private const int MaxManifests = 60;

    private const string OfIndex = $"Query of {N.StatusIndex}";

    private readonly Lock _lock = new();
    private int _requests;
    private double _readUnits;

    public int Requests => Volatile.Read(ref _requests);

    public double ReadUnits => Volatile.Read(ref _readUnits);

    public async Task<TableFacts> InspectAsync(CancellationToken cancellationToken)
    {
        using var clock = new ServiceClock(time);

        // The client is made on another thread, because without a region in the options the SDK's constructor may look for one on the
        // network, and block.
        Task<DoctorClient> opening = Task.Run(() => Open(clock), CancellationToken.None);
        try
        {
            RequestContext context = new(opening, clock, cancellationToken);
            Task<Answer<TableDescription>> table = SendAsync(
                context, AnswerFailure.DescribeTable, (client, token) => client.DescribeTableAsync(new DescribeTableRequest { TableName = options.TableName }, token), static response => NullIfInvalid(response.Table));
            Task<Answer<TimeToLiveDescription>> timeToLive = SendAsync(
                context, "DescribeTimeToLive", (client, token) => client.DescribeTimeToLiveAsync(new DescribeTimeToLiveRequest { TableName = options.TableName }, token), static response => response.TimeToLiveDescription);
            Task<Answer<ContinuousBackupsDescription>> backups = SendAsync(
                context, "DescribeContinuousBackups", (client, token) => client.DescribeContinuousBackupsAsync(new DescribeContinuousBackupsRequest { TableName = options.TableName }, token), static response => response.ContinuousBackupsDescription);
            Task<Answer<IReadOnlyList<SampledRecord>>> headers = QueryAsync(context, OfIndex, Headers(DeliveryStatus.Pending));
            Task<Answer<IReadOnlyList<SampledRecord>>> sending = QueryAsync(context, OfIndex, Headers(DeliveryStatus.Sending));
            Task<Answer<IReadOnlyList<SampledRecord>>> deleting = QueryAsync(context, OfIndex, Headers(DeliveryStatus.Deleting));
            Task<Answer<IReadOnlyList<SampledRecord>>> abandoned = QueryAsync(context, OfIndex, Headers(DeliveryStatus.Abandoned));
            DateOnly today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
            Task<Answer<IReadOnlyList<SampledRecord>>[]> days = Task.WhenAll(Enumerable.Range(0, MaxDays).Select(age => QueryAsync(context, "Query", Day(today.AddDays(-age)))));
            Task<Answer<IReadOnlyList<SampledRecord>>> manifests = QueryAsync(context, "Query", Manifests(today));
            await Task.WhenAll(table, timeToLive, backups, headers, sending, deleting, abandoned, manifests, days).ConfigureAwait(false);
            return new TableFacts
            {
                Options = options,
                Table = await table.ConfigureAwait(false),
                TimeToLive = await timeToLive.ConfigureAwait(false),
                Backups = await backups.ConfigureAwait(false),
                Headers = await headers.ConfigureAwait(false),
                Sending = await sending.ConfigureAwait(false),
                Deleting = await deleting.ConfigureAwait(false),
                Abandoned = await abandoned.ConfigureAwait(false),
                Manifests = await manifests.ConfigureAwait(false),
                Now = time.GetUtcNow(),
                Days = await days.ConfigureAwait(false),
                ClockOffset = clock.Offset,
            };
        }
        finally
        {
            _ = opening.ContinueWith(static opened => opened.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            AbandonedTasks.Observe(opening);
        }
    }

    private DoctorClient Open(ServiceClock clock)
    {
        DoctorClient opened = open(options);
        clock.Listen(opened.Client);
        return opened;
    }

    private QueryRequest Headers(DeliveryStatus status)
    {
        QueryRequest request = Sample(N.StatusIndexPk, RecordKeys.StatusIndex(options.DigestName, HeaderStatus.TextOf(status)), MaxHeaders);
        request.IndexName = N.StatusIndex;
        request.ScanIndexForward = false;
        return request;
    }

    // A manifest is not asked for its ids.
    private QueryRequest Manifests(DateOnly today)
    {
        QueryRequest request = Sample(N.Pk, RecordKeys.Sent(options.DigestName), MaxManifests);
        request.KeyConditionExpression += " AND #sk BETWEEN :first AND :last";
        request.ExpressionAttributeValues[":first"] = ItemMapper.Text(RecordKeys.Manifest(today.AddDays(1 - MaxDays)));
        request.ExpressionAttributeValues[":last"] = ItemMapper.Text(RecordKeys.AfterManifest(today));
        request.ScanIndexForward = false;
        return request;
    }

    private QueryRequest Day(DateOnly date) => Sample(N.Pk, RecordKeys.Partition(options.DigestName, date), RecordsOfADay);

    private QueryRequest Sample(string partitionKey, string value, int limit) => new()
    {
        TableName = options.TableName,
        KeyConditionExpression = "#key = :key",
        ProjectionExpression = "#sk, #date, #v, #expiresAt, #lastStoreStatus, #lastRunId, #idRules, #status, #fence, #leaseUntil, #state, #parts",
        ExpressionAttributeNames = new(StringComparer.Ordinal)
        {
            ["#key"] = partitionKey,
            ["#sk"] = N.Sk,
            ["#date"] = N.Date,
            ["#v"] = N.Version,
            ["#expiresAt"] = N.ExpiresAt,
            ["#lastStoreStatus"] = N.LastStoreStatus,
            ["#lastRunId"] = N.LastRunId,
            ["#idRules"] = N.IdRules,
            ["#status"] = N.Status,
            ["#fence"] = N.Fence,
            ["#leaseUntil"] = N.LeaseUntil,
            ["#state"] = N.State,
            ["#parts"] = N.Parts,
        },
        ExpressionAttributeValues = new(StringComparer.Ordinal) { [":key"] = ItemMapper.Text(value) },
        Limit = limit,
        ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL,
    };

    private Task<Answer<IReadOnlyList<SampledRecord>>> QueryAsync(RequestContext context, string operation, QueryRequest request) =>
        SendAsync(context, operation, (client, token) => client.QueryAsync(request, token), Records);

    // Returns null if the answer has no count, such as an empty JSON object. DynamoDB always sends a count, also if there are no records.
    private IReadOnlyList<SampledRecord>? Records(QueryResponse response)
    {
        if (response.Count is null)
        {
            return null;
        }

        double units = response.ConsumedCapacity?.CapacityUnits ?? 0;
        lock (_lock)
        {
            _readUnits += units;
        }

        // Expired records count as absent, as they do for a store.
        DateTimeOffset now = time.GetUtcNow();
        return [.. (response.Items ?? []).Where(item => !(Instants.FromEpochSeconds(ItemReader.Digits(item, N.ExpiresAt)) <= now)).Select(Record)];
    }

    private static SampledRecord Record(Dictionary<string, AttributeValue> item) => new()
    {
        Date = RecordKeys.TryParseDate(ItemReader.Text(item, N.Date), out DateOnly date) ? date : null,
        SortKey = ItemReader.Text(item, N.Sk) ?? "",
        IsNewer = ItemReader.IsNewer(item),
        Version = ItemReader.Digits(item, N.Version),
        LastStoreStatus = ItemReader.Text(item, N.LastStoreStatus),
        LastRunId = ItemReader.Text(item, N.LastRunId),
        IdRules = ItemReader.Text(item, N.IdRules),
        Status = ItemReader.Text(item, N.Status),
        Fence = ItemReader.Digits(item, N.Fence),
        LeaseUntil = long.TryParse(ItemReader.Digits(item, N.LeaseUntil), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long until) ? Instants.FromEpochMilliseconds(until) : null,
        State = ItemReader.Text(item, N.State),
        Parts = ItemReader.Int(item, N.Parts) ?? 1,
    };

    // Returns null if the answer does not describe a table. The SDK then returns a table without a status or keys.
    private static TableDescription? NullIfInvalid(TableDescription? table) => table is { TableStatus: not null, KeySchema.Count: > 0 } ? table : null;

    private async Task<Answer<T>> SendAsync<TResponse, T>(
        RequestContext context, string operation, Func<IAmazonDynamoDB, CancellationToken, Task<TResponse>> send, Func<TResponse, T?> read)
        where T : class
    {
        var abandon = new CancellationTokenSource();
        var attempt = new Attempt(abandon.Token);
        bool isBegun = false;

        // The request runs on another thread and has a time limit of its own, because neither the SDK's time-out nor its token covers
        // everything in it that may block.
        Task<TResponse> answer = Task.Run(
            async () =>
            {
                DoctorClient opened = await context.Opening.ConfigureAwait(false);
                SdkCall.Begin(attempt);
                context.Clock.Begin();
                attempt.Token.ThrowIfCancellationRequested();
                Volatile.Write(ref isBegun, true);
                return await send(opened.Client, attempt.Token).ConfigureAwait(false);
            },
            CancellationToken.None);
        try
        {
            // The limit is that of a call and not that of an attempt, because a new process has to load the SDK and find its credentials
            // first, and no request is repeated.
            TResponse response = await answer.WaitAsync(options.Deadline, time, context.CancellationToken).ConfigureAwait(false);
            return read(response) is { } value ? Counted(new Answer<T>(value)) : Failed(new TableFault(FaultKind.InvalidResponse, typeof(TResponse).Name));
        }
        catch (Exception exception) when (!Fatal.Is(exception))
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            context.Clock.Read(exception);
            if (exception is AmazonServiceException { ErrorCode: "UnknownOperationException" })
            {
                return Counted(new Answer<T>(null, AnswerFailure.UnknownOperation(operation)));
            }

            return Failed(answer.IsCompleted ? FaultClassifier.Classify(exception)
                : attempt.IsWithoutCredentials ? new TableFault(FaultKind.CredentialsRefused, "none came in time") { NotSent = true }
                : new TableFault(FaultKind.TimedOut));
        }
        finally
        {
            AbandonedTasks.Observe(answer);
            _ = AbandonedTasks.CancelAsync(abandon);
        }

        Answer<T> Failed(TableFault fault)
        {
            var failed = new Answer<T>(null, AnswerFailure.Of(fault, operation, options));
            return Volatile.Read(ref isBegun) && !fault.NotSent ? Counted(failed) : failed;
        }

        Answer<T> Counted(Answer<T> answered)
        {
            Interlocked.Increment(ref _requests);
            return answered;
        }
    }

    private sealed record RequestContext(Task<DoctorClient> Opening, ServiceClock Clock, CancellationToken CancellationToken);
}
