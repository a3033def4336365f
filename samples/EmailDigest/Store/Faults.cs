using DigestStore.Testing;

namespace EmailDigest.Store;

/// <summary>A DynamoDB in trouble, as the repository in memory plays it.</summary>
internal enum Fault
{
    Throttled,
    Flaky,
    Down,
}

/// <summary>The scripts behind <c>--fault</c>; the same one gives the same faults at every run.</summary>
internal static class Faults
{
    public const string Names = "throttled|flaky|down";
    public static bool TryParse(string text, out Fault fault) => Enum.TryParse(text, ignoreCase: true, out fault) && Names.Split('|').Contains(text, StringComparer.OrdinalIgnoreCase);
    public static string NameOf(Fault fault) => fault.ToString().ToLowerInvariant();

    /// <returns>What it does, in words.</returns>
    public static string Script(InMemoryFaults faults, Fault fault)
    {
        switch (fault)
        {
            case Fault.Throttled:
                // Never three times in a row without progress, which is where the library gives items up.
                faults.Throttle(2).LeaveUnprocessed(0.5, 2).Throttle(1, InMemoryOperation.Update);
                return "the table turns requests away, and leaves parts of batches unprocessed.";
            case Fault.Flaky:
                faults.Fail(1).Fail(2, InMemoryOperation.BatchWrite);
                return "some requests fail with an internal error.";
            default:
                faults.Fail();
                return "every request fails.";
        }
    }
}
