using Amazon.DynamoDBv2;

namespace DigestStore.Doctor.Checks;

internal static class ChangeStream
{
    public static Verdict Judge(TableFacts facts) => facts.OfTable(table =>
    {
        string on = AwsCommand.For(facts.Options, "update-table", "--stream-specification StreamEnabled=true,StreamViewType=NEW_IMAGE");
        if (table.StreamSpecification is not { StreamEnabled: true } stream)
        {
            return Verdict.Warning("The stream is off.", on);
        }

        string view = $"The stream holds {stream.StreamViewType?.Value ?? "nothing"}";
        if (stream.StreamViewType == StreamViewType.NEW_IMAGE || stream.StreamViewType == StreamViewType.NEW_AND_OLD_IMAGES)
        {
            return Verdict.Ok($"{view}.");
        }

        // A stream's view cannot be changed, so the stream is switched off and on again. DynamoDB refuses the second change while the table
        // is UPDATING, so there is a wait between them.
        string off = AwsCommand.For(facts.Options, "update-table", "--stream-specification StreamEnabled=false");
        return Verdict.Warning($"{view}, and should hold NEW_IMAGE.", $"{off} && {AwsCommand.For(facts.Options, "wait table-exists")} && {on}");
    });
}
