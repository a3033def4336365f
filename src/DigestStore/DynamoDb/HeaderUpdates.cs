using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using DigestStore.Records;
using DigestStore.Table;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.DynamoDb;

// The day's header record, brought up to date by one idempotent UpdateItem.
internal static class HeaderUpdates
{
    public static UpdateItemRequest ToRequest(HeaderUpdate update)
    {
        return update.IsMark ? Mark(update) : Finish(update);
    }

    // Before the first write of a store whose end may never come.
    private static UpdateItemRequest Mark(HeaderUpdate update) => new()
    {
        TableName = update.Partition.Table,
        Key = Key(update.Partition),
        UpdateExpression = "SET #date = :date, #gsi1sk = :date, #v = :v, #idRules = :idRules, #status = if_not_exists(#status, :pending), #gsi1pk = if_not_exists(#gsi1pk, :pendingIndex)",
        ConditionExpression = "attribute_not_exists(#v) OR #v <= :v",
        ExpressionAttributeNames = new(StringComparer.Ordinal)
        {
            ["#date"] = N.Date,
            ["#gsi1sk"] = N.StatusIndexSk,
            ["#v"] = N.Version,
            ["#idRules"] = N.IdRules,
            ["#status"] = N.Status,
            ["#gsi1pk"] = N.StatusIndexPk,
        },
        ExpressionAttributeValues = new(StringComparer.Ordinal)
        {
            [":date"] = ItemMapper.Text(RecordKeys.Date(update.Partition.Date)),
            [":v"] = ItemMapper.Number(Schema.Version),
            [":idRules"] = ItemMapper.Text(update.IdRules),
            [":pending"] = ItemMapper.Text(RecordKeys.PendingDelivery),
            [":pendingIndex"] = ItemMapper.Text(RecordKeys.StatusIndex(update.Partition.Digest, RecordKeys.PendingDelivery)),
        },
        ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL,
    };

    private static Dictionary<string, AttributeValue> Key(Partition partition) => new(StringComparer.Ordinal)
    {
        [N.Pk] = ItemMapper.Text(partition.Key),
        [N.Sk] = ItemMapper.Text(RecordKeys.Header),
    };

    private static UpdateItemRequest Finish(HeaderUpdate update)
    {
        var sets = new List<string>
        {
            "#date = :date", "#v = :v", "#lastStoreStatus = :storeStatus", "#storedAt = :storedAt", "#lastRunId = :run",
            "#correlationId = :correlation", "#idRules = :idRules", "#gsi1sk = :date",
        };
        var names = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["#date"] = N.Date,
            ["#v"] = N.Version,
            ["#lastStoreStatus"] = N.LastStoreStatus,
            ["#storedAt"] = N.StoredAt,
            ["#lastRunId"] = N.LastRunId,
            ["#correlationId"] = N.CorrelationId,
            ["#idRules"] = N.IdRules,
            ["#gsi1sk"] = N.StatusIndexSk,
            ["#gsi1pk"] = N.StatusIndexPk,
            ["#status"] = N.Status,
            ["#runs"] = N.Runs,
            ["#nextOrdinal"] = N.NextOrdinal,
            ["#expiresAt"] = N.ExpiresAt,
        };
        var values = new Dictionary<string, AttributeValue>(StringComparer.Ordinal)
        {
            [":date"] = ItemMapper.Text(RecordKeys.Date(update.Partition.Date)),
            [":v"] = ItemMapper.Number(Schema.Version),
            [":storeStatus"] = ItemMapper.Text(update.StoreStatus),
            [":storedAt"] = ItemMapper.Text(Instants.Write(update.StoredAt)),
            [":run"] = ItemMapper.Text(update.RunId),
            [":correlation"] = ItemMapper.Text(update.CorrelationId),
            [":idRules"] = ItemMapper.Text(update.IdRules),
            [":one"] = ItemMapper.Number(1),
            [":used"] = ItemMapper.Number(update.OrdinalsUsed),
            [":pending"] = ItemMapper.Text(RecordKeys.PendingDelivery),
            [":pendingIndex"] = ItemMapper.Text(RecordKeys.StatusIndex(update.Partition.Digest, RecordKeys.PendingDelivery)),
        };

        var removes = new List<string>();
        string adds = "";
        if (update.StartAnew)
        {
            sets.AddRange(["#status = :pending", "#gsi1pk = :pendingIndex", "#runs = :one", "#nextOrdinal = :used"]);
            names["#deliveredAt"] = N.DeliveredAt;
            removes.Add("#deliveredAt");
        }
        else
        {
            sets.AddRange(["#status = if_not_exists(#status, :pending)", "#gsi1pk = if_not_exists(#gsi1pk, :pendingIndex)"]);
            adds = " ADD #runs :one, #nextOrdinal :used";
        }

        if (update.ExpiresAt is { } expiresAt)
        {
            sets.Add("#expiresAt = :expiresAt");
            values[":expiresAt"] = ItemMapper.Number(Instants.ToEpochSeconds(expiresAt));
        }
        else
        {
            removes.Add("#expiresAt");
        }

        return new UpdateItemRequest
        {
            TableName = update.Partition.Table,
            Key = Key(update.Partition),
            UpdateExpression = string.Create(
                CultureInfo.InvariantCulture,
                $"SET {string.Join(", ", sets)}{(removes.Count > 0 ? " REMOVE " + string.Join(", ", removes) : "")}{adds}"),
            // Idempotent by run id: a retry of an update that was applied and answered with an error changes nothing.
            ConditionExpression = "(attribute_not_exists(#lastRunId) OR #lastRunId <> :run) AND (attribute_not_exists(#v) OR #v <= :v)",
            ExpressionAttributeNames = names,
            ExpressionAttributeValues = values,
            ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL,
            ReturnValuesOnConditionCheckFailure = ReturnValuesOnConditionCheckFailure.ALL_OLD,
        };
    }
}
