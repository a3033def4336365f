using DigestStore.Storing;
using DigestStore.Table;

namespace DigestStore.UnitTests.Storing;

public sealed class PendingItemTests
{
    // "sent" is a send whose answer has not come; every other word is the answer to one send.
    [Theory]
    [InlineData("", StoreProblemReason.RefusedByTable, StoreProblemReason.RefusedByTable)]
    [InlineData("", StoreProblemReason.InternalError, StoreProblemReason.InternalError)]
    [InlineData("sent", StoreProblemReason.InternalError, StoreProblemReason.OutcomeUnknown)]
    [InlineData("cut", StoreProblemReason.RefusedByTable, StoreProblemReason.OutcomeUnknown)]
    [InlineData("cut", StoreProblemReason.TableMismatch, StoreProblemReason.OutcomeUnknown)]
    [InlineData("cut", StoreProblemReason.Unavailable, StoreProblemReason.OutcomeUnknown)]
    [InlineData("cut 500", StoreProblemReason.Unavailable, StoreProblemReason.OutcomeUnknown)]
    [InlineData("cut refused", StoreProblemReason.RefusedByTable, StoreProblemReason.OutcomeUnknown)]
    [InlineData("cut unprocessed throttled", StoreProblemReason.Throttled, StoreProblemReason.OutcomeUnknown)]
    [InlineData("broken", StoreProblemReason.InternalError, StoreProblemReason.OutcomeUnknown)]
    [InlineData("500", StoreProblemReason.Unavailable, StoreProblemReason.Unavailable)]
    [InlineData("500", StoreProblemReason.RefusedByTable, StoreProblemReason.OutcomeUnknown)]
    [InlineData("500 refused", StoreProblemReason.TableMismatch, StoreProblemReason.OutcomeUnknown)]
    [InlineData("500 throttled", StoreProblemReason.Throttled, StoreProblemReason.OutcomeUnknown)]
    [InlineData("throttled", StoreProblemReason.Throttled, StoreProblemReason.Throttled)]
    [InlineData("unprocessed", StoreProblemReason.DeadlineExceeded, StoreProblemReason.DeadlineExceeded)]
    [InlineData("refused", StoreProblemReason.RefusedByTable, StoreProblemReason.RefusedByTable)]
    [InlineData("unreachable not-sent", StoreProblemReason.Unavailable, StoreProblemReason.Unavailable)]
    public void A_reason_never_denies_a_write_that_may_have_happened(string sends, StoreProblemReason cause, StoreProblemReason reason)
    {
        PendingItem item = Some.Pending(0);
        foreach (string answer in sends.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            item.Sending();
            if (answer != "sent")
            {
                item.Answered(Fault(answer));
            }
        }

        Assert.Equal(reason, item.Fail(cause));
        Assert.Equal(reason, item.Failure);
        Assert.Equal(sends.Length > 0, item.WasSent);
        Assert.Equal(sends.Split(' ').Intersect(["sent", "cut", "broken", "500"]).Any(), item.MayBeStored);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(1_024, 1)]
    [InlineData(1_025, 2)]
    [InlineData(409_600, 400)]
    public void A_record_takes_a_unit_for_every_kilobyte_that_it_begins(int size, int units)
    {
        PendingItem item = Some.Pending(0);
        item.Size = size;

        Assert.Equal(units, item.CapacityUnits);
    }

    private static TableFault? Fault(string answer) => answer switch
    {
        "unprocessed" => null,
        "cut" => Some.Fault(FaultKind.Unavailable),
        "500" => Some.Fault(FaultKind.Unavailable, 500),
        "broken" => Some.Fault(FaultKind.Internal),
        "refused" => Some.Fault(FaultKind.Invalid, 400),
        "throttled" => Some.Fault(FaultKind.Throttled, 400),
        "unreachable" => Some.Fault(FaultKind.Unreachable),
        "not-sent" => Some.Fault(FaultKind.DeadlineExceeded) with { NotSent = true },
        _ => throw new ArgumentException("Not an answer of this test.", nameof(answer)),
    };
}
