using DigestStore.Faults;
using DigestStore.Table;

namespace DigestStore.UnitTests.Faults;

public sealed class ReadFailuresTests
{
    [Theory]
    [InlineData(nameof(FaultKind.Throttled), DigestStoreErrorReason.Throttled)]
    [InlineData(nameof(FaultKind.Unreachable), DigestStoreErrorReason.Unavailable)]
    [InlineData(nameof(FaultKind.Unavailable), DigestStoreErrorReason.Unavailable)]
    [InlineData(nameof(FaultKind.TimedOut), DigestStoreErrorReason.Timeout)]
    [InlineData(nameof(FaultKind.ClockSkew), DigestStoreErrorReason.CredentialsRefused)]
    [InlineData(nameof(FaultKind.Invalid), DigestStoreErrorReason.TableMismatch)]
    [InlineData(nameof(FaultKind.TooLarge), DigestStoreErrorReason.Unavailable)]
    [InlineData(nameof(FaultKind.ConditionFailed), DigestStoreErrorReason.Unavailable)]
    [InlineData(nameof(FaultKind.AccessDenied), DigestStoreErrorReason.AccessDenied)]
    [InlineData(nameof(FaultKind.CredentialsRefused), DigestStoreErrorReason.CredentialsRefused)]
    [InlineData(nameof(FaultKind.TableNotFound), DigestStoreErrorReason.TableNotFound)]
    [InlineData(nameof(FaultKind.TableMismatch), DigestStoreErrorReason.TableMismatch)]
    [InlineData(nameof(FaultKind.Misconfigured), DigestStoreErrorReason.Misconfigured)]
    [InlineData(nameof(FaultKind.InvalidResponse), DigestStoreErrorReason.InvalidResponse)]
    [InlineData(nameof(FaultKind.Unexpected), DigestStoreErrorReason.Unavailable)]
    [InlineData(nameof(FaultKind.Internal), DigestStoreErrorReason.InvalidResponse)]
    [InlineData(nameof(FaultKind.DeadlineExceeded), DigestStoreErrorReason.Timeout)]
    [InlineData(nameof(FaultKind.Canceled), DigestStoreErrorReason.Unavailable)]
    [InlineData(nameof(FaultKind.Disposed), DigestStoreErrorReason.Disposed)]
    public void Every_kind_of_fault_has_its_reason(string kind, DigestStoreErrorReason reason)
    {
        DigestStoreException failure = ReadFailures.Of(new TableFault(Enum.Parse<FaultKind>(kind)), "Query", Some.Partition, "correlation");

        Assert.Equal((reason, "correlation"), (failure.Reason, failure.CorrelationId));
    }

    [Theory]
    [InlineData(nameof(FaultKind.TableNotFound), "", 0, "")]
    [InlineData(nameof(FaultKind.TableNotFound), "CodeOfAws", 0, " No answer came: CodeOfAws.")]
    [InlineData(nameof(FaultKind.TableNotFound), "CodeOfAws", 400, " The answer was CodeOfAws (HTTP 400).")]
    [InlineData(nameof(FaultKind.Unavailable), "CodeOfAws", 500, " Try again. The answer was CodeOfAws (HTTP 500).")]
    [InlineData(nameof(FaultKind.Throttled), "CodeOfAws", 400, " Try again. The answer was CodeOfAws (HTTP 400).")]
    [InlineData(nameof(FaultKind.DeadlineExceeded), "", 0, " Try again, or allow more time with ReadDeadline.")]
    [InlineData(nameof(FaultKind.AccessDenied), "CodeOfAws", 400, " This request needs dynamodb:Query. The answer was CodeOfAws (HTTP 400).")]
    public void A_message_says_what_failed_what_to_do_and_what_the_answer_was(string kind, string code, int status, string rest)
    {
        DigestStoreException failure = ReadFailures.Of(new TableFault(Enum.Parse<FaultKind>(kind), code, status), "Query", Some.Partition, "correlation", " And so on.");

        Assert.Equal($"Query on table 'digests' for 2026-11-21 failed. {Remedies.Of(failure.Reason)}{rest} And so on.", failure.Message);
    }

    [Fact]
    public void A_connection_that_did_not_come_about_has_a_remedy_of_its_own() => Assert.Equal(
        "Query on table 'digests' for 2026-11-21 failed. No connection to DynamoDB came about. Check ServiceUrl or Region, the network and its DNS. Try again.",
        ReadFailures.Of(new TableFault(FaultKind.Unreachable), "Query", Some.Partition, "").Message);

    [Fact]
    public void A_setting_that_is_at_fault_is_named() => Assert.Equal(
        "Query on table 'digests' for 2026-11-21 failed. The client cannot be made. Region is 'nowhere'. Set it.",
        ReadFailures.Of(new TableFault(FaultKind.Misconfigured) { Detail = "Region is 'nowhere'. Set it." }, "Query", Some.Partition, "").Message);

    [Theory]
    [InlineData(nameof(FaultKind.TableMismatch), "The file is another's. Name another.")]
    [InlineData(nameof(FaultKind.AccessDenied), "The file is another's. Name another.")]
    [InlineData(nameof(FaultKind.Throttled), "The file is another's. Name another. Try again.")]
    public void What_a_table_without_DynamoDB_says_takes_the_place_of_the_general_remedy(string kind, string remedy) => Assert.Equal(
        $"Query on table 'digests' for 2026-11-21 failed. {remedy} The error was SQLITE_ERROR.",
        ReadFailures.Of(new TableFault(Enum.Parse<FaultKind>(kind), "SQLITE_ERROR") { Remedy = "The file is another's. Name another." }, "Query", Some.Partition, "").Message);

    [Theory]
    [InlineData(0, 1, "")]
    [InlineData(1, 2, " 1 of the 2 records of this page are known to be deleted. Delete the page again: that deletes what is left.")]
    [InlineData(0, 3, " 0 of the 3 records of this page are known to be deleted. Delete the page again: that deletes what is left.")]
    public void A_deletion_of_several_records_says_how_far_it_came(int deleted, int of, string text) => Assert.Equal(text, ReadFailures.DeletedSoFar(deleted, of));

    [Fact]
    public void A_record_of_a_newer_version_is_named_with_the_call()
    {
        DigestStoreException failure = ReadFailures.NewerSchema(Some.Id(0), "correlation");

        Assert.Equal((DigestStoreErrorReason.NewerSchema, "correlation"), (failure.Reason, failure.CorrelationId));
        Assert.Equal($"The record {Some.Id(0)} cannot be read or deleted. {Remedies.Of(DigestStoreErrorReason.NewerSchema)}", failure.Message);
    }
}
