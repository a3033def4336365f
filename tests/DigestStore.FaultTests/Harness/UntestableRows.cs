namespace DigestStore.FaultTests;

/// <summary>Rows of the matrix, or parts of them, that no test here can prove yet, and what stands in.</summary>
internal static class UntestableRows
{
    public static IReadOnlyDictionary<int, string> Reasons { get; } = new Dictionary<int, string>
    {
        [95] = "Native AOT needs a runtime pack that not every build machine can restore. The trim and AOT analyzers stand in: the library declares IsAotCompatible and builds with warnings as errors, and a test checks that it does.",
    };
}
