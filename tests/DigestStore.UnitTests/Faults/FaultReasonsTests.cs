using DigestStore.Faults;
using DigestStore.Table;

namespace DigestStore.UnitTests.Faults;

public sealed class FaultReasonsTests
{
    // What a write's fault is told as, and a fault of the reads before it.
    [Theory]
    [InlineData(nameof(FaultKind.Throttled), StoreProblemReason.Throttled, StoreProblemReason.CompareUnavailable)]
    [InlineData(nameof(FaultKind.Unreachable), StoreProblemReason.Unavailable, StoreProblemReason.CompareUnavailable)]
    [InlineData(nameof(FaultKind.Unavailable), StoreProblemReason.Unavailable, StoreProblemReason.CompareUnavailable)]
    [InlineData(nameof(FaultKind.TimedOut), StoreProblemReason.Unavailable, StoreProblemReason.CompareUnavailable)]
    [InlineData(nameof(FaultKind.ClockSkew), StoreProblemReason.CredentialsRefused, StoreProblemReason.CredentialsRefused)]
    [InlineData(nameof(FaultKind.Invalid), StoreProblemReason.RefusedByTable, StoreProblemReason.TableMismatch)]
    [InlineData(nameof(FaultKind.TooLarge), StoreProblemReason.RefusedByTable, StoreProblemReason.CompareUnavailable)]
    [InlineData(nameof(FaultKind.ConditionFailed), StoreProblemReason.InternalError, StoreProblemReason.CompareUnavailable)]
    [InlineData(nameof(FaultKind.AccessDenied), StoreProblemReason.AccessDenied, StoreProblemReason.CompareUnavailable)]
    [InlineData(nameof(FaultKind.CredentialsRefused), StoreProblemReason.CredentialsRefused, StoreProblemReason.CredentialsRefused)]
    [InlineData(nameof(FaultKind.TableNotFound), StoreProblemReason.TableNotFound, StoreProblemReason.TableNotFound)]
    [InlineData(nameof(FaultKind.TableMismatch), StoreProblemReason.TableMismatch, StoreProblemReason.TableMismatch)]
    [InlineData(nameof(FaultKind.Misconfigured), StoreProblemReason.Misconfigured, StoreProblemReason.Misconfigured)]
    [InlineData(nameof(FaultKind.InvalidResponse), StoreProblemReason.Unavailable, StoreProblemReason.CompareUnavailable)]
    [InlineData(nameof(FaultKind.Unexpected), StoreProblemReason.Unavailable, StoreProblemReason.CompareUnavailable)]
    [InlineData(nameof(FaultKind.Internal), StoreProblemReason.InternalError, StoreProblemReason.CompareUnavailable)]
    [InlineData(nameof(FaultKind.DeadlineExceeded), StoreProblemReason.DeadlineExceeded, StoreProblemReason.CompareUnavailable)]
    [InlineData(nameof(FaultKind.Canceled), StoreProblemReason.Canceled, StoreProblemReason.Canceled)]
    [InlineData(nameof(FaultKind.Disposed), StoreProblemReason.Disposed, StoreProblemReason.Disposed)]
    public void Every_kind_of_fault_has_its_reason(string kind, StoreProblemReason ofWrite, StoreProblemReason ofCompare)
    {
        TableFault fault = Some.Fault(Enum.Parse<FaultKind>(kind));

        Assert.Equal((ofWrite, ofCompare), (FaultReasons.OfWrite(fault), FaultReasons.OfCompare(fault)));
    }

    // This is how DynamoDB says in a 200 that it had no capacity.
    [Fact]
    public void Items_that_come_back_without_a_fault_were_throttled() => Assert.Equal(StoreProblemReason.Throttled, FaultReasons.OfWrite(null));

    [Fact]
    public void The_message_names_the_permission_and_the_table()
    {
        var cause = new FailureCause(StoreProblemReason.AccessDenied, Some.Fault(FaultKind.AccessDenied, 400), "BatchWriteItem", "digests");

        Assert.Equal(
            ProblemMessages.Of(StoreProblemReason.AccessDenied) + " AccessDeniedException: allow dynamodb:BatchWriteItem on table 'digests' (and its KMS key, if it has one).",
            cause.MessageFor(StoreProblemReason.AccessDenied));
    }

    // An item that was sent without an answer fails for that, whatever stops the store later.
    [Fact]
    public void A_message_of_the_cause_s_own_is_not_told_of_an_item_that_fails_for_another_reason()
    {
        var cause = new FailureCause(StoreProblemReason.RefusedByTable, Some.Fault(FaultKind.Invalid, 400), "BatchWriteItem", "digests") { Message = "The title is too large." };

        Assert.Equal("The title is too large.", cause.MessageFor(StoreProblemReason.RefusedByTable));
        Assert.StartsWith(ProblemMessages.Of(StoreProblemReason.OutcomeUnknown), cause.MessageFor(StoreProblemReason.OutcomeUnknown), StringComparison.Ordinal);
    }
}
