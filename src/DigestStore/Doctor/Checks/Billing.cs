using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace DigestStore.Doctor.Checks;

internal static class Billing
{
    public static Verdict Judge(TableFacts facts) => facts.OfTable(table => IsOnDemand(table)
        ? Verdict.Ok("On demand.")
        : Verdict.Warning("The capacity is provisioned, not on demand.", AwsCommand.For(facts.Options, "update-table", "--billing-mode PAY_PER_REQUEST")));

    // DynamoDB reports no billing mode for a table that was never on demand.
    public static bool IsOnDemand(TableDescription table) => table.BillingModeSummary?.BillingMode == BillingMode.PAY_PER_REQUEST;
}
