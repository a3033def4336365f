using DigestStore.InfrastructureTests.Monitoring;
using DigestStore.InfrastructureTests.Running;
using DigestStore.TestSupport;

namespace DigestStore.InfrastructureTests.Runbook;

/// <summary>Something that goes wrong after good days.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Trouble">What happens on which day.</param>
/// <param name="Alarms">The alarms that must be red on the last day.</param>
/// <param name="Maybe">Those that may be: how long a throttled store goes on depends on the back-offs, which are drawn at random.</param>
internal sealed record StagedIncident(string Name, IReadOnlyDictionary<DateOnly, DayOfTrouble> Trouble, string[] Alarms, params string[] Maybe)
{
    public static IReadOnlyList<StagedIncident> All { get; } =
    [
        new("throttled table", Days(0, new DayOfTrouble { First = Throttled, Second = Throttled }), ["dead-letters-written", "item-failures", "throttled-requests"], "store-latency-p95", "store-latency-p99"),
        new(
            "wrong identity rule",
            Days(2, new DayOfTrouble { Change = ById, Options = static options => options.Identity.AdditionalTrackingParameters.Add("id") }, new DayOfTrouble { Change = ById }),
            []),
        new("dead feeds", Days(0, new DayOfTrouble { Change = static _ => [] }), ["nothing-stored"]),
        new("mail server down", Days(0, new DayOfTrouble { Refusal = DeliveryFailureKind.Retry }), ["not-delivered"]),
        new("email refused for good", Days(0, new DayOfTrouble { Refusal = DeliveryFailureKind.Permanent }), ["delivery-abandoned", "not-delivered"]),
    ];

    // From some days before the last one on; the days before those are like `before`.
    private static Dictionary<DateOnly, DayOfTrouble> Days(int since, DayOfTrouble trouble, DayOfTrouble? before = null) => Enumerable.Range(0, SimulatedDays.Count).ToDictionary(
        static back => SimulatedDays.Today.AddDays(-back), back => back <= since ? trouble : before ?? new DayOfTrouble());

    private static Play Throttled(RecordedRequest request) => request is { Operation: "BatchWriteItem", Number: var number } && number % 5 != 0 ? Play.Throttled : Play.Healthy;

    // Pages that only a parameter tells apart.
    private static DigestItem[] ById(DigestItem[] items) => [.. items.Select(static item => item with { Url = item.Url.Replace("/article-", "/articles?id=", StringComparison.Ordinal) })];
}
