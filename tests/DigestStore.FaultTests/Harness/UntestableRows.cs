namespace DigestStore.FaultTests;

/// <summary>Rows of the matrix, or parts of them, that no test here can prove yet, and what stands in.</summary>
internal static class UntestableRows
{
    public static IReadOnlyDictionary<int, string> Reasons { get; } = new Dictionary<int, string>
    {
        [95] = "Native AOT needs a runtime pack that not every build machine can restore. The trim and AOT analyzers stand in: the library declares IsAotCompatible and builds with warnings as errors, and a test checks that it does.",
        [85] = "The library has no meter and no activity source yet, so there is nothing that a listener could break.",
        [90] = "The failure ratio as a metric waits for the meter; until then it can be counted from log entries 100 and 101.",
    };
}
