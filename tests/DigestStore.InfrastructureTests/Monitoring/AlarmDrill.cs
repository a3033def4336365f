using System.Text.Json.Nodes;
using DigestStore.InfrastructureTests.Running;

namespace DigestStore.InfrastructureTests.Monitoring;

/// <summary>What happens to a store, and what an alarm must make of it.</summary>
/// <param name="Alarm">The alarm's logical id.</param>
/// <param name="Story">What happens.</param>
/// <param name="Expected">The alarm's state afterwards.</param>
/// <param name="RunAsync">Makes it happen, on a store that stands at six in the morning; what CloudWatch then has.</param>
/// <param name="After">How long after it the alarm is looked at; none: when the period has ended.</param>
internal sealed record AlarmDrill(string Alarm, string Story, AlarmState Expected, Func<Task<MetricArchive>> RunAsync, TimeSpan? After = null)
{
    public static readonly DateTimeOffset Morning = new(2026, 11, 21, 6, 0, 0, TimeSpan.Zero);

    private const int MinimumSample = 20;
    private static readonly DateOnly Date = new(2026, 11, 21);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public static IReadOnlyList<AlarmDrill> All { get; } =
    [
        .. ItemFailures(), .. Throttling(), .. StoreLatency(), .. ReadLatency(), .. AwsLatency("DynamoDbWriteLatency", "BatchWriteItem"), .. AwsLatency("DynamoDbQueryLatency", "Query"),
        .. Limits("Write"), .. Limits("Read"), .. NothingStored(), .. DeadLetters(), .. NotDelivered(), .. Abandoned(),
    ];

    private static IEnumerable<AlarmDrill> ItemFailures() =>
    [
        new("ItemFailuresAlarm", "0 % of 200 items fail", AlarmState.Ok, () => FailAsync(200, 0)),
        new("ItemFailuresAlarm", "4 % of 200 items fail", AlarmState.Ok, () => FailAsync(200, 8)),
        new("ItemFailuresAlarm", "6 % of 200 items fail", AlarmState.Alarm, () => FailAsync(200, 12)),
        new("ItemFailuresAlarm", "100 % of 200 items fail", AlarmState.Alarm, () => FailAsync(200, 200)),
        new("ItemFailuresAlarm", "no traffic", AlarmState.Ok, NothingAsync),
        new("ItemFailuresAlarm", "no traffic for an hour after 100 %", AlarmState.Ok, () => FailAsync(200, 200), Hour),
        new("ItemFailuresAlarm", "all of 19 items fail: too few for a ratio", AlarmState.Ok, () => FailAsync(MinimumSample - 1, MinimumSample - 1)),
        new("ItemFailuresAlarm", "2 of 20 items fail", AlarmState.Alarm, () => FailAsync(MinimumSample, 2)),
    ];

    private static IEnumerable<AlarmDrill> Throttling() =>
    [
        new("ThrottledRequestsAlarm", "no request is turned away", AlarmState.Ok, () => FailAsync(60, 0)),
        new("ThrottledRequestsAlarm", "2 requests are turned away, and healed", AlarmState.Ok, () => AnswerAsync("BatchWriteItem", 2, Play.Throttled)),
        new("ThrottledRequestsAlarm", "3 requests are turned away, and healed", AlarmState.Alarm, () => AnswerAsync("BatchWriteItem", 3, Play.Throttled)),
        new("ThrottledRequestsAlarm", "3 batches come back in part", AlarmState.Alarm, () => AnswerAsync("BatchWriteItem", 3, Play.Leave(static (_, index) => index % 2 == 0))),
        new("ThrottledRequestsAlarm", "3 batches come back whole", AlarmState.Alarm, () => AnswerAsync("BatchWriteItem", 3, Play.Leave(static (_, _) => true))),
        new("ThrottledRequestsAlarm", "3 lookups come back in part", AlarmState.Alarm, () => AnswerAsync("BatchGetItem", 3, Play.LeaveKeys(static index => index % 2 == 0), items: 20)),
        new("ThrottledRequestsAlarm", "3 lookups come back whole", AlarmState.Alarm, () => AnswerAsync("BatchGetItem", 3, Play.LeaveKeys(static _ => true), items: 20)),
        new("ThrottledRequestsAlarm", "the first look at the day is turned away for ever", AlarmState.Alarm, () => AnswerAsync("Query", int.MaxValue, Play.Throttled)),
        new("ThrottledRequestsAlarm", "3 failures of another kind", AlarmState.Ok, () => AnswerAsync("BatchWriteItem", 3, Play.Broken)),
        new("ThrottledRequestsAlarm", "no traffic for an hour after 3", AlarmState.Ok, () => AnswerAsync("BatchWriteItem", 3, Play.Throttled), Hour),
        new("ThrottledRequestsAlarm", "no traffic", AlarmState.Ok, NothingAsync),
    ];

    // 200 items are 10 requests, one after the other here.
    private static IEnumerable<AlarmDrill> StoreLatency() =>
        from alarm in (string[])["StoreLatencyP95Alarm", "StoreLatencyP99Alarm"]
        from row in (IEnumerable<(string Story, double Seconds, int Worst)>)[("0.5 s", 0.05, 0), ("12 s", 1.2, 10), ("22 s", 2.2, 20)]
        let threshold = alarm.Contains("P95", StringComparison.Ordinal) ? 10 : 20
        select new AlarmDrill(
            alarm, $"a store takes {row.Story}", row.Worst >= threshold ? AlarmState.Alarm : AlarmState.Ok,
            () => RunningAsync(
                static options => options.MaxConcurrency = 1,
                host =>
                {
                    host.DynamoDb.Script = _ => Play.Healthy with { After = TimeSpan.FromSeconds(row.Seconds) };
                    return host.StoreAsync(Date, Valid(200));
                }));

    private static IEnumerable<AlarmDrill> ReadLatency() =>
        from alarm in (string[])["ReadLatencyP95Alarm", "ReadLatencyP99Alarm"]
        from row in (IEnumerable<(string Story, double First, double Second, int Worst)>)[("1 s", 1, 0, 0), ("2.5 s", 2.5, 0, 2), ("more than 4 s, after a time-out", 10, 1.5, 4)]
        let threshold = alarm.Contains("P95", StringComparison.Ordinal) ? 2 : 4
        select new AlarmDrill(
            alarm, $"a read takes {row.Story}", row.Worst >= threshold ? AlarmState.Alarm : AlarmState.Ok,
            () => RunningAsync(
                null,
                async host =>
                {
                    // The store asks for the day too.
                    await host.StoreAsync(Date, Valid(30));
                    host.DynamoDb.Script = request => Play.Healthy with { After = TimeSpan.FromSeconds(request.Number == 2 ? row.First : row.Second) };
                    await host.CallAsync(static repository => repository.GetAsync(Date));
                }));

    private static IEnumerable<AlarmDrill> AwsLatency(string alarm, string operation) =>
        from percentile in (string[])["P95", "P99"]
        from milliseconds in (int[])[40, 700, 1500]
        let threshold = percentile == "P95" ? 500 : 1000
        select new AlarmDrill(
            $"{alarm}{percentile}Alarm", $"DynamoDB reports {milliseconds} ms", milliseconds > threshold ? AlarmState.Alarm : AlarmState.Ok,
            () => AwsAsync(("SuccessfulRequestLatency", milliseconds, [("Operation", operation), ("TableName", StoreHost.Table)])));

    private static IEnumerable<AlarmDrill> Limits(string kind) =>
        from row in (IEnumerable<(string Story, double Consumed, bool IsNear)>)[("75 % of the quota", 300 * 30_000, false), ("85 % of the quota", 300 * 34_000, true)]
        select new AlarmDrill(
            $"{kind}LimitNearAlarm", $"DynamoDB reports {row.Story}", row.IsNear ? AlarmState.Alarm : AlarmState.Ok,
            () => AwsAsync(($"Consumed{kind}CapacityUnits", row.Consumed, [("TableName", StoreHost.Table)]), ($"AccountMaxTableLevel{kind}s", 40_000, [])));

    private static IEnumerable<AlarmDrill> NothingStored() =>
    [
        new("NothingStoredAlarm", "23 hours after a store", AlarmState.Ok, () => FailAsync(60, 0), 23 * Hour),
        new("NothingStoredAlarm", "27 hours after a store", AlarmState.Alarm, () => FailAsync(60, 0), 27 * Hour),
        new("NothingStoredAlarm", "27 hours after a store, and an hour after one that found everything unchanged", AlarmState.Ok, () => AgainAsync(static _ => { }), 27 * Hour),
        new("NothingStoredAlarm", "27 hours after a store, and an hour after one that failed", AlarmState.Alarm, () => AgainAsync(static host => host.DynamoDb.Script = static _ => Play.Denied), 27 * Hour),
        new("NothingStoredAlarm", "the store is switched off", AlarmState.Alarm, () => RunningAsync(static options => options.Enabled = false, static host => host.StoreAsync(Date, Valid(60))), Hour),
        new("NothingStoredAlarm", "nothing ever ran", AlarmState.Alarm, NothingAsync, Hour),
    ];

    private static IEnumerable<AlarmDrill> DeadLetters() =>
        from alarm in (string[])["DeadLettersWrittenAlarm", "DeadLettersLostAlarm"]
        from row in (IEnumerable<(string Story, int Failed, bool SinkWorks, string? Fires)>)
        [
            ("all is stored", 0, true, null), ("1 of 60 items fails and is kept", 1, true, "DeadLettersWrittenAlarm"), ("1 of 60 items fails and the sink too", 1, false, "DeadLettersLostAlarm"),
        ]
        select new AlarmDrill(alarm, row.Story, row.Fires == alarm ? AlarmState.Alarm : AlarmState.Ok, () => FailAsync(60, row.Failed, row.SinkWorks));

    // The template of the drill asks for eight o'clock, and the stories begin at six.
    private static IEnumerable<AlarmDrill> NotDelivered() =>
    [
        new("NotDeliveredAlarm", "at 7:00, before the hour, nothing was ever delivered", AlarmState.Ok, NothingAsync, Hour),
        new("NotDeliveredAlarm", "at 8:00 nothing was ever delivered", AlarmState.Alarm, NothingAsync, 2 * Hour),
        new("NotDeliveredAlarm", "at 8:00 the email of 6:00 is delivered", AlarmState.Ok, () => DeliverAsync(), 2 * Hour),
        new("NotDeliveredAlarm", "at 18:00 the email of 6:00 is delivered", AlarmState.Ok, () => DeliverAsync(), 12 * Hour),
        new("NotDeliveredAlarm", "at 7:00 of the next day its email is not delivered yet", AlarmState.Ok, () => DeliverAsync(), 25 * Hour),
        new("NotDeliveredAlarm", "at 8:00 of the next day its email is not delivered yet", AlarmState.Alarm, () => DeliverAsync(), 26 * Hour),
        new("NotDeliveredAlarm", "at 8:00 of the next day, after an email that came late, at 9:30", AlarmState.Alarm, () => LateAsync(), 26 * Hour),
        new("NotDeliveredAlarm", "at 10:00 the email of 9:30 is delivered", AlarmState.Ok, () => LateAsync(), 4 * Hour),
        new("NotDeliveredAlarm", "at 8:00 the mail server has refused the email", AlarmState.Alarm, () => DeliverAsync(DeliveryFailureKind.Retry), 2 * Hour),
        new("NotDeliveredAlarm", "at 8:00 nobody knows whether the email was accepted", AlarmState.Alarm, () => DeliverAsync(DeliveryFailureKind.Uncertain), 2 * Hour),
        new("NotDeliveredAlarm", "at 8:00 the email is out, and the table did not answer", AlarmState.Ok, () => DeliverAsync(before: static host => host.DynamoDb.Script = static _ => Play.Denied), 2 * Hour),
    ];

    private static IEnumerable<AlarmDrill> Abandoned() =>
    [
        new("DeliveryAbandonedAlarm", "the email is delivered", AlarmState.Ok, () => DeliverAsync()),
        new("DeliveryAbandonedAlarm", "the mail server refuses the email for now", AlarmState.Ok, () => DeliverAsync(DeliveryFailureKind.Retry)),
        new("DeliveryAbandonedAlarm", "nobody knows whether the email was accepted", AlarmState.Ok, () => DeliverAsync(DeliveryFailureKind.Uncertain)),
        new("DeliveryAbandonedAlarm", "the mail server refuses the email for good", AlarmState.Alarm, () => DeliverAsync(DeliveryFailureKind.Permanent)),
        new("DeliveryAbandonedAlarm", "a sender finds the day given up an hour ago", AlarmState.Alarm, () => TwiceAsync(DeliveryFailureKind.Permanent, new DeliveryOptions()), Hour + (5 * Minute)),
        new("DeliveryAbandonedAlarm", "a sender skips an email that may have been accepted an hour ago", AlarmState.Alarm, () => TwiceAsync(DeliveryFailureKind.Uncertain, new DeliveryOptions { OnUncertain = UncertainAttempt.Skip }), Hour + (5 * Minute)),
        new("DeliveryAbandonedAlarm", "no traffic for an hour after the mail server has refused the email for good", AlarmState.Ok, () => DeliverAsync(DeliveryFailureKind.Permanent), Hour),
        new("DeliveryAbandonedAlarm", "an application that never delivers", AlarmState.Ok, () => FailAsync(60, 0)),
    ];

    private static DigestItem[] Valid(int count, int failing = 0) =>
        [.. Enumerable.Range(0, count).Select(index => new DigestItem { Url = $"https://example.com/{index}", Title = index < failing ? $"failing {index}" : $"title {index}" })];

    // What comes back unprocessed in every round is failed in the end; the others are stored.
    private static Task<MetricArchive> FailAsync(int items, int failing, bool sinkWorks = true) => RunningAsync(
        null,
        async host =>
        {
            host.DynamoDb.Script = static _ => Play.Leave(static (write, _) => write["PutRequest"]?["Item"]?["title"]?["S"]?.GetValue<string>().StartsWith("failing", StringComparison.Ordinal) == true);
            StoreResult result = await host.StoreAsync(Date, Valid(items, failing));
            Assert.True((result.Inserted, result.Failed) == (items - failing, failing), $"{result.Inserted} inserted, {result.Failed} failed: {(result.Problems.Count > 0 ? result.Problems[0].Message : "no problem")}");
        },
        sinkWorks ? null : new BrokenSink());

    // Few items are looked up one by one; for many the day is asked for.
    private static Task<MetricArchive> AnswerAsync(string operation, int times, Play answer, int items = 60) => RunningAsync(
        null,
        host =>
        {
            host.DynamoDb.Script = request => request.Operation == operation && request.Number <= times ? answer : Play.Healthy;
            return host.StoreAsync(Date, Valid(items));
        });

    private static Task<MetricArchive> AgainAsync(Action<StoreHost> before) => RunningAsync(
        null,
        async host =>
        {
            await host.StoreAsync(Date, Valid(60));
            host.WaitUntil(Morning + (26 * Hour));
            before(host);
            await host.StoreAsync(Date, Valid(60));
        });

    private static Task<MetricArchive> DeliverAsync(DeliveryFailureKind? failure = null, Action<StoreHost>? before = null) => RunningAsync(
        null,
        host =>
        {
            before?.Invoke(host);
            return host.DeliverAsync(Date, Valid(5), SenderOf(failure));
        });

    private static Task<MetricArchive> LateAsync() => RunningAsync(
        null,
        static host =>
        {
            host.WaitUntil(Morning + (3.5 * Hour));
            return host.DeliverAsync(Date, Valid(5));
        });

    // The same day an hour after a failure.
    private static Task<MetricArchive> TwiceAsync(DeliveryFailureKind failure, DeliveryOptions options) => RunningAsync(
        null,
        async host =>
        {
            await host.DeliverAsync(Date, Valid(5), SenderOf(failure));
            host.WaitUntil(Morning + Hour);
            await host.DeliverAsync(Date, Valid(5), options: options);
        });

    private static Func<DeliveryAttempt, CancellationToken, Task<DeliveryReceipt>>? SenderOf(DeliveryFailureKind? failure) =>
        failure is { } kind ? (_, _) => throw new DeliveryFailedException(kind, "played") : null;

    private static Task<MetricArchive> NothingAsync() => RunningAsync(null, static _ => Task.CompletedTask);

    private static async Task<MetricArchive> RunningAsync(Action<DigestStoreOptions>? configure, Func<StoreHost, Task> use, IDeadLetterSink? sink = null)
    {
        await using StoreHost host = StoreHost.Start(Morning, configure, sink);
        await use(host);
        return host.Archive();
    }

    // AWS's own metrics, as CloudWatch has them: nothing of this library emits them.
    private static Task<MetricArchive> AwsAsync(params (string Name, double Value, (string Name, string Value)[] Dimensions)[] metrics)
    {
        var archive = new MetricArchive();
        foreach ((string name, double value, (string Name, string Value)[] dimensions) in metrics)
        {
            var line = new JsonObject
            {
                ["_aws"] = new JsonObject
                {
                    ["Timestamp"] = Morning.ToUnixTimeMilliseconds(),
                    ["CloudWatchMetrics"] = new JsonArray(new JsonObject
                    {
                        ["Namespace"] = "AWS/DynamoDB",
                        ["Dimensions"] = new JsonArray(new JsonArray([.. dimensions.Select(static pair => (JsonNode)pair.Name)])),
                        ["Metrics"] = new JsonArray(new JsonObject { ["Name"] = name }),
                    }),
                },
                [name] = value,
            };
            Array.ForEach(dimensions, pair => line[pair.Name] = pair.Value);
            archive.Add(line.ToJsonString());
        }

        return Task.FromResult(archive);
    }

    private sealed class BrokenSink : IDeadLetterSink
    {
        public Task WriteAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken = default) => throw new IOException("The disk is full.");
    }
}
