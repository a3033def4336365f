using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.Doctor.Checks;

internal static class StatusIndex
{
    private const string Keys =
        $"--attribute-definitions AttributeName={N.StatusIndexPk},AttributeType=S AttributeName={N.StatusIndexSk},AttributeType=S --global-secondary-index-updates";

    // The end of this JSON is missing, because it depends on the table.
    private const string Create =
        $"'[{{\"Create\":{{\"IndexName\":\"{N.StatusIndex}\",\"KeySchema\":[{{\"AttributeName\":\"{N.StatusIndexPk}\",\"KeyType\":\"HASH\"}},{{\"AttributeName\":\"{N.StatusIndexSk}\",\"KeyType\":\"RANGE\"}}],\"Projection\":{{\"ProjectionType\":\"ALL\"}}";

    private const string Delete = $"'[{{\"Delete\":{{\"IndexName\":\"{N.StatusIndex}\"}}}}]'";

    public static Verdict Judge(TableFacts facts) => facts.OfTable(table =>
    {
        string create = AwsCommand.For(facts.Options, "update-table", $"{Keys} {Create}{Capacity(table)}}}}}]'");
        if (table.GlobalSecondaryIndexes?.Find(index => string.Equals(index.IndexName, N.StatusIndex, StringComparison.Ordinal)) is not { } index)
        {
            return Verdict.Problem($"There is no index {N.StatusIndex}.", create);
        }

        // The keys and the projection of an index cannot be changed in place, so the index is deleted and created again.
        string anew = $"{AwsCommand.For(facts.Options, "update-table", $"--global-secondary-index-updates {Delete}")} and, when it is gone, {create}";
        if (!KeySchema.Is(table, index.KeySchema, N.StatusIndexPk, N.StatusIndexSk))
        {
            return Verdict.Problem($"The keys of {N.StatusIndex} are {KeySchema.Describe(table, index.KeySchema)}, and must be {N.StatusIndexPk} (S), {N.StatusIndexSk} (S).", anew);
        }

        if (index.Projection?.ProjectionType != ProjectionType.ALL)
        {
            return Verdict.Warning($"{N.StatusIndex} holds {index.Projection?.ProjectionType?.Value ?? "no projection"}, and must hold ALL attributes.", anew);
        }

        return index.IndexStatus is null || index.IndexStatus == IndexStatus.ACTIVE
            ? Verdict.Ok($"{N.StatusIndex}: {KeySchema.Describe(table, index.KeySchema)}, projection ALL.")
            : Verdict.Warning($"{N.StatusIndex} is {index.IndexStatus.Value}.", "Wait until it is ACTIVE, then run the doctor again.");
    });

    // An index of a table with provisioned capacity must have capacity of its own, and one of a table on demand must have none.
    private static string Capacity(TableDescription table) => Billing.IsOnDemand(table) ? "" : string.Create(
        CultureInfo.InvariantCulture,
        $",\"ProvisionedThroughput\":{{\"ReadCapacityUnits\":{Units(table.ProvisionedThroughput?.ReadCapacityUnits)},\"WriteCapacityUnits\":{Units(table.ProvisionedThroughput?.WriteCapacityUnits)}}}");

    private static long Units(long? ofTable) => Math.Max(1, ofTable ?? 1);
}
