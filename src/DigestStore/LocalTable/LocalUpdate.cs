using Amazon.DynamoDBv2.Model;
using DigestStore.Records;
using DigestStore.Table;

namespace DigestStore.LocalTable;

// Applies an update to a record and makes the reply to it. The record after it is null if the update was not applied.
internal static class LocalUpdate
{
    public static (UpdateReply Reply, Dictionary<string, AttributeValue>? After) Apply(RecordUpdate update, Dictionary<string, AttributeValue>? before)
    {
        if (!WriteRules.IsKey(update.Key))
        {
            return (new UpdateReply { Fault = LocalFaults.Invalid }, null);
        }

        (UpdateVerdict verdict, Dictionary<string, AttributeValue>? after) = UpdateEvaluator.Apply(update, before);
        if (verdict == UpdateVerdict.Refused)
        {
            return (new UpdateReply { Fault = LocalFaults.ConditionFailed, Record = before is null ? null : new StoredRecord(update.Key, before) }, null);
        }

        int size = after is null ? 0 : AttributeSize.Of(after);
        if (after is null || !WriteRules.IsStorable(after, size))
        {
            return (new UpdateReply { Fault = LocalFaults.Invalid }, null);
        }

        var reply = new UpdateReply
        {
            Units = CapacityUnits.OfWrite(before is null ? 0 : AttributeSize.Of(before), size),
            Record = update.ReturnsRecord ? new StoredRecord(update.Key, after) : null,
        };
        return (reply, after);
    }
}
