using Amazon.DynamoDBv2;

namespace DigestStore.Doctor.Checks;

internal static class StorageClass
{
    // Absent: the table never had another.
    public static Verdict Judge(TableFacts facts) => facts.OfTable(table => (table.TableClassSummary?.TableClass ?? TableClass.STANDARD) == TableClass.STANDARD
        ? Verdict.Ok("STANDARD.")
        : Verdict.Warning($"{table.TableClassSummary!.TableClass.Value}.", AwsCommand.For(facts.Options, "update-table", "--table-class STANDARD")));
}
