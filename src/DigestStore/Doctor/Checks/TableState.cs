using Amazon.DynamoDBv2;

namespace DigestStore.Doctor.Checks;

internal static class TableState
{
    public static Verdict Judge(TableFacts facts)
    {
        if (facts.Table is not { Value: { } table })
        {
            AnswerFailure failure = facts.Table.Failure!;
            return Verdict.Problem(failure.Finding, failure.Remedy);
        }

        string state = $"The table '{facts.Options.TableName}' is {table.TableStatus.Value}.";
        if (table.TableStatus == TableStatus.ACTIVE)
        {
            return Verdict.Ok(state);
        }

        return table.TableStatus == TableStatus.CREATING || table.TableStatus == TableStatus.UPDATING
            ? Verdict.Warning(state, $"Wait until it is ACTIVE, then run the doctor again: {AwsCommand.For(facts.Options, "wait table-exists")}")
            : Verdict.Problem(state, "If its key is disabled or denied, enable the key or allow its use; if it is archived or being deleted, restore it from a backup.");
    }
}
