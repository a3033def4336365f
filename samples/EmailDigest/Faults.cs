using DigestStore.Testing;

namespace EmailDigest;

/// <summary>The scripts behind <c>--fault</c>; the same one gives the same faults at every run.</summary>
internal static class Faults
{
    public const string Names = "throttled|flaky|down";

    public static bool TryParse(string text, out Fault fault)
    {
        foreach (Fault candidate in Enum.GetValues<Fault>())
        {
            if (string.Equals(text, NameOf(candidate), StringComparison.OrdinalIgnoreCase))
            {
                fault = candidate;
                return true;
            }
        }

        fault = default;
        return false;
    }

    public static string NameOf(Fault fault) => fault.ToString().ToLowerInvariant();

    public static string Describe(Fault fault) => fault switch
    {
        Fault.Throttled => "the table turns requests away, and leaves parts of batches unprocessed.",
        Fault.Flaky => "some requests fail with an internal error.",
        _ => "every request fails.",
    };

    public static void Script(InMemoryFaults faults, Fault fault)
    {
        switch (fault)
        {
            case Fault.Throttled:
                // Never three times in a row without progress, which is where the library gives items up.
                faults.Throttle(2).LeaveUnprocessed(0.5, 2).Throttle(1, InMemoryOperation.UpdateHeader);
                break;
            case Fault.Flaky:
                faults.Fail(1).Fail(2, InMemoryOperation.BatchWrite);
                break;
            default:
                faults.Fail();
                break;
        }
    }
}
