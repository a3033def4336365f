using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using DigestStore.Table;
using DigestStore.Telemetry;
using DigestStore.TestSupport;
using Microsoft.Extensions.Logging;

namespace DigestStore.UnitTests.Docs;

public sealed partial class TelemetryPageTests
{
    private static readonly DocumentPage Page = new("docs/telemetry.md");

    private static IEnumerable<string> ReadOperations => typeof(ReadCallTelemetry)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(static constant => (string)constant.GetRawConstantValue()!);

    private static IEnumerable<(MethodInfo Method, LoggerMessageAttribute Message)> Events => typeof(LogMessages)
        .GetMethods(BindingFlags.Public | BindingFlags.Static)
        .Select(static method => (method, method.GetCustomAttribute<LoggerMessageAttribute>()!))
        .Where(static pair => pair.Item2 is not null);

    [Fact]
    public void Every_instrument_is_published_with_its_kind_and_unit()
    {
        using var meters = new MeterRecorder();
        _ = new Instruments(meters);

        AssertSame(
            meters.Instruments.Values.Select(static instrument => $"{instrument.Name} {KindOf(instrument)} {instrument.Unit}"),
            Page.Rows("## Instruments").Select(static row => $"{row[0]} {row[1]} {row[2]}"));
        Assert.All(meters.Instruments.Values, static instrument => Assert.NotEmpty(instrument.Description!));
    }

    [Fact]
    public async Task Every_tag_is_published_and_every_published_tag_is_used()
    {
        using var meters = new MeterRecorder();
        await UseEverythingAsync(meters);

        foreach (string[] row in Page.Rows("## Instruments"))
        {
            IEnumerable<string> used = meters.Of(row[0]).SelectMany(static measurement => measurement.Tags).Select(static tag => tag[..tag.IndexOf('=', StringComparison.Ordinal)]).Distinct();
            AssertSame(used, CodeSpan().Matches(row[3].Insert(0, "`") + "`").Select(static match => match.Groups[1].Value));
        }
    }

    [Fact]
    public void Every_value_of_a_tag_is_published()
    {
        AssertSame(Words<DigestItemOutcome>(), Values("### outcome of `digeststore.store.items`"));
        AssertSame(Words<StoreStatus>(), Values("### status of `digeststore.store.duration`"));
        AssertSame([.. ReadOperations, "ok", "canceled", "abandoned", "held_by_another", .. Words<DigestStoreErrorReason>()], Values("### operation and outcome of `digeststore.read.duration`"));
        AssertSame(Words<DeliveryOutcome>(), Values("### outcome of `digeststore.delivery.attempts` and `digeststore.delivery.duration`"));
        AssertSame(
            [new PageReply().Operation, new LookupReply { KeyCount = 0 }.Operation, new WriteReply { Sent = 0 }.Operation, new UpdateReply().Operation],
            Values("### operation of requests, retries, batches and capacity"));
        AssertSame(Words<QualityFinding>(), Values("### reason of `digeststore.quality.defects`"));
        AssertSame(["ok", "partial", "unprocessed", .. Words<FaultKind>()], Values("### status, reason and error.type of requests and retries"));
    }

    [Fact]
    public async Task Every_value_that_is_used_is_published()
    {
        using var meters = new MeterRecorder();
        await UseEverythingAsync(meters);

        AssertSame(Used(meters, "digeststore.quality.fields", "field"), Values("### field of `digeststore.quality.fields`"));
        AssertSame(Used(meters, "digeststore.dead_letters", "outcome"), Values("### outcome of `digeststore.dead_letters`"));
    }

    [Fact]
    public async Task Every_span_and_attribute_is_published()
    {
        using var meters = new MeterRecorder();
        using var spans = new SpanRecorder();
        await UseEverythingAsync(meters);

        AssertSame(spans.Spans.Select(static span => span.OperationName).Distinct(), Page.Rows("## Spans").Select(static row => row[0]));
        AssertSame(
            spans.Spans.SelectMany(static span => span.TagObjects).Select(static tag => tag.Key).Distinct(),
            Page.Rows("### Attributes").Select(static row => row[0]));
        AssertSame(
            StoreOnly(spans.Spans),
            Page.Rows("### Attributes").Where(static row => row[2] == "store calls").Select(static row => row[0]));
    }

    [Fact]
    public void Every_event_is_published_with_its_id_and_level() => AssertSame(
        Events.Where(static pair => !IsAudit(pair.Message)).Select(static pair => $"{pair.Message.EventId} {pair.Method.Name} {pair.Message.Level}"),
        Page.Rows("## Log events").Select(static row => $"{row[0]} {row[1]} {row[2]}"));

    [Fact]
    public void Every_audit_event_is_published() => AssertSame(
        Events.Where(static pair => IsAudit(pair.Message)).Select(static pair => $"{pair.Message.EventId} {pair.Method.Name} Information"),
        Page.Rows("## Audit events").Select(static row => $"{row[0]} {row[1]} Information"));

    [Fact]
    public void Every_audit_field_is_published_with_its_events() => AssertSame(
        Events.Where(static pair => IsAudit(pair.Message))
            .SelectMany(static pair => Placeholder().Matches(pair.Message.Message).Select(match => (Field: match.Groups[1].Value, Id: pair.Message.EventId)))
            .GroupBy(static pair => pair.Field)
            .Select(static field => $"{field.Key}: {string.Join(", ", field.Select(static pair => pair.Id).Order())}"),
        Page.Rows("### Audit fields").Select(static row => $"{row[0]}: {row[2]}"));

    [Fact]
    public void Event_ids_are_used_once() => Assert.Equal(Events.Count(), Events.Select(static pair => pair.Message.EventId).Distinct().Count());

    // One of everything that emits: stores that work, fail and retry, reads that do and do not, a delivery, a copy, letters kept and lost, answers too late.
    private static async Task UseEverythingAsync(MeterRecorder meters)
    {
        foreach (bool sinkWorks in (bool[])[true, false])
        {
            var table = new TableDouble();
            using var repository = new DigestRepository(table.ToSource(), static () => new DigestStoreOptions(),
                new DigestStoreServices { TimeProvider = new FixedClock { Hurry = TimeSpan.FromSeconds(1.9) }, DeadLetters = new SinkDouble(sinkWorks), MeterFactory = meters });
            await repository.StoreAsync(Some.Date, [.. Some.Items(30), Some.Item() with { Title = "" }]);
            await repository.GetAsync(Some.Date);
            await repository.FindAsync(Some.Date, Some.Id(0));
            await repository.DeleteAsync(Some.Date, Some.Id(0));
            table.OnQuery = static _ => Task.FromResult(new PageReply { Fault = Some.Fault(FaultKind.Throttled, 400) });
            await repository.StoreAsync(Some.Date, Some.Items(30));
        }

        using var sender = new DigestRepository(new TableDouble().ToSource(), static () => new DigestStoreOptions(), new DigestStoreServices { MeterFactory = meters });
        await sender.DeliverAsync(Some.Date, Some.Items(2), static (_, _) => Task.FromResult(new DeliveryReceipt()));
        using var target = new DigestRepository(new TableDouble().ToSource(), static () => new DigestStoreOptions(), new DigestStoreServices { MeterFactory = meters });
        await DigestCopy.RunAsync(sender, target, Some.Date, Some.Date);
        new Instruments(meters).AnsweredLate("digests", "Query");
    }

    private static IEnumerable<string> StoreOnly(IEnumerable<Activity> spans)
    {
        ILookup<bool, string> keys = spans.SelectMany(static span => span.TagObjects.Select(tag => (IsStore: span.OperationName == "digest.store", tag.Key))).ToLookup(static pair => pair.IsStore, static pair => pair.Key);
        return keys[true].Except(keys[false]).Except(["error.type"]);
    }

    private static IEnumerable<string> Used(MeterRecorder meters, string instrument, string tag) => meters.Of(instrument)
        .SelectMany(static measurement => measurement.Tags)
        .Where(text => text.StartsWith(tag + "=", StringComparison.Ordinal))
        .Select(text => text[(tag.Length + 1)..])
        .Distinct();

    private static IEnumerable<string> Values(string heading) => Page.Rows(heading).Select(static row => row[0]);

    private static IEnumerable<string> Words<TEnum>()
        where TEnum : struct, Enum => Enum.GetNames<TEnum>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName);

    private static bool IsAudit(LoggerMessageAttribute message) => message.EventId is >= 400 and < 500;

    private static string KindOf(Instrument instrument) => instrument.GetType().Name.Split('`')[0].ToLowerInvariant();

    private static void AssertSame(IEnumerable<string> code, IEnumerable<string> page) =>
        Assert.Equal(code.Order(StringComparer.Ordinal), page.Order(StringComparer.Ordinal));

    [GeneratedRegex("`([^`]+)`", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex CodeSpan();

    [GeneratedRegex("\\{(\\w+)\\}", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Placeholder();
}
