namespace DigestStore.FaultTests;

/// <summary>Rows, or parts of rows, that no test can prove yet, and why.</summary>
internal static class UntestableRows
{
    public static IReadOnlyDictionary<int, string> Reasons { get; } = new Dictionary<int, string>
    {
        [85] = "The library has no meter and no activity source yet, so there is nothing that a listener could break.",
        [90] = "The failure ratio as a metric waits for the meter; until then it can be counted from log entries 100 and 101.",
    };
}
