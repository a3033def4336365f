using Amazon.DynamoDBv2;

namespace DigestStore.Doctor.Checks;

internal static class StorageClass
{
    // DynamoDB reports no class for a table that has always been of the standard one.
    public static Verdict Judge(TableFacts facts) => facts.OfTable(table => (table.TableClassSummary?.TableClass ?? TableClass.STANDARD) == TableClass.STANDARD
        ? Verdict.Ok("STANDARD.")
        : Verdict.Warning($"{table.TableClassSummary!.TableClass.Value}.", AwsCommand.For(facts.Options, "update-table", "--table-class STANDARD")));
}
