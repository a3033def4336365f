using DigestStore.Faults;
using DigestStore.Table;

namespace DigestStore.UnitTests.Faults;

public sealed class ProblemMessagesTests
{
    // One line has to be enough to mend it, whatever the reason is.
    [Theory]
    [InlineData(nameof(FaultKind.Unreachable), 0, " No connection to DynamoDB came about. Check ServiceUrl or Region, the network and its DNS. CodeOfAws on Query.")]
    [InlineData(nameof(FaultKind.AccessDenied), 400, " CodeOfAws: allow dynamodb:Query on table 'digests' (and its KMS key, if it has one).")]
    [InlineData(nameof(FaultKind.TableNotFound), 400, " CodeOfAws: table 'digests'.")]
    [InlineData(nameof(FaultKind.Unavailable), 503, " CodeOfAws, HTTP 503, on Query.")]
    [InlineData(nameof(FaultKind.TimedOut), 0, " CodeOfAws on Query.")]
    [InlineData(nameof(FaultKind.DeadlineExceeded), 0, "")]
    [InlineData(nameof(FaultKind.Canceled), 0, "")]
    [InlineData(nameof(FaultKind.Disposed), 0, "")]
    public void A_message_ends_with_what_is_known_of_the_fault(string kind, int status, string detail)
    {
        var fault = new TableFault(Enum.Parse<FaultKind>(kind), "CodeOfAws", status);

        Assert.Equal(ProblemMessages.Of(StoreProblemReason.Unavailable) + detail, ProblemMessages.Of(StoreProblemReason.Unavailable, fault, "Query", "digests"));
    }

    [Fact]
    public void A_message_ends_with_the_setting_that_is_at_fault()
    {
        var fault = new TableFault(FaultKind.Misconfigured, "CodeOfAws", 400) { Detail = "Region is 'nowhere'. Set it." };

        Assert.Equal(
            Remedies.Of(DigestStoreErrorReason.Misconfigured) + " Region is 'nowhere'. Set it.",
            ProblemMessages.Of(StoreProblemReason.Misconfigured, fault, "Query", "digests"));
    }

    [Theory]
    [InlineData(StoreProblemReason.TableMismatch, nameof(FaultKind.TableMismatch), "")]
    [InlineData(StoreProblemReason.AccessDenied, nameof(FaultKind.AccessDenied), "")]
    [InlineData(StoreProblemReason.Throttled, nameof(FaultKind.Throttled), " Store the item again.")]
    public void What_a_table_without_DynamoDB_says_takes_the_place_of_the_general_message(StoreProblemReason reason, string kind, string after) => Assert.Equal(
        $"The file is full. Free some space.{after}",
        ProblemMessages.Of(reason, new TableFault(Enum.Parse<FaultKind>(kind), "SQLITE_FULL") { Remedy = "The file is full. Free some space." }, "BatchWriteItem", "digests"));

    [Fact]
    public void Of_an_item_that_is_reported_for_another_reason_the_message_comes_first() => Assert.Equal(
        ProblemMessages.Of(StoreProblemReason.OutcomeUnknown) + " The file is full. Free some space.",
        ProblemMessages.Of(StoreProblemReason.OutcomeUnknown, new TableFault(FaultKind.Unavailable, "SQLITE_FULL") { Remedy = "The file is full. Free some space." }, "BatchWriteItem", "digests"));

    [Theory]
    [InlineData(StoreProblemReason.Throttled, "", DigestStoreErrorReason.Throttled, " Store the item again.")]
    [InlineData(StoreProblemReason.Unavailable, "", DigestStoreErrorReason.Unavailable, " Store the item again.")]
    [InlineData(StoreProblemReason.Disposed, "The item was not sent. ", DigestStoreErrorReason.Disposed, " Store the item again.")]
    [InlineData(StoreProblemReason.AccessDenied, "", DigestStoreErrorReason.AccessDenied, "")]
    [InlineData(StoreProblemReason.CredentialsRefused, "", DigestStoreErrorReason.CredentialsRefused, "")]
    [InlineData(StoreProblemReason.TableNotFound, "", DigestStoreErrorReason.TableNotFound, "")]
    [InlineData(StoreProblemReason.TableMismatch, "", DigestStoreErrorReason.TableMismatch, "")]
    [InlineData(StoreProblemReason.NewerSchema, "", DigestStoreErrorReason.NewerSchema, "")]
    public void A_reason_that_reads_have_too_has_their_remedy(StoreProblemReason reason, string before, DigestStoreErrorReason ofRead, string after) =>
        Assert.Equal(before + Remedies.Of(ofRead) + after, ProblemMessages.Of(reason));

    [Fact]
    public void Of_a_fault_without_a_code_and_of_none_there_is_nothing_more_to_tell()
    {
        string message = ProblemMessages.Of(StoreProblemReason.Throttled);

        Assert.Equal(message, ProblemMessages.Of(StoreProblemReason.Throttled, null, "Query", "digests"));
        Assert.Equal(message, ProblemMessages.Of(StoreProblemReason.Throttled, new TableFault(FaultKind.Throttled), "Query", "digests"));
    }
}
