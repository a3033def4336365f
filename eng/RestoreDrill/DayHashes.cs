using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace RestoreDrill;

/// <summary>One hash for each day, over every attribute of every record, the header's too.</summary>
internal static class DayHashes
{
    public static async Task<Dictionary<DateOnly, string>> OfAsync(IAmazonDynamoDB client, string table, IEnumerable<DateOnly> dates, CancellationToken cancellationToken)
    {
        var hashes = new Dictionary<DateOnly, string>();
        foreach (DateOnly date in dates)
        {
            hashes.Add(date, await OfAsync(client, table, date, cancellationToken));
        }

        return hashes;
    }

    private static async Task<string> OfAsync(IAmazonDynamoDB client, string table, DateOnly date, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var request = new QueryRequest
        {
            TableName = table,
            ConsistentRead = true,
            KeyConditionExpression = "pk = :pk",
            ExpressionAttributeValues = new() { [":pk"] = new AttributeValue(string.Create(CultureInfo.InvariantCulture, $"DIGEST#daily#{date:yyyy-MM-dd}")) },
        };
        do
        {
            // In the order of the sort key.
            QueryResponse page = await client.QueryAsync(request, cancellationToken);
            foreach (Dictionary<string, AttributeValue> record in page.Items ?? [])
            {
                hash.AppendData(Encoding.UTF8.GetBytes(Text(new AttributeValue { M = record }) + "\n"));
            }

            request.ExclusiveStartKey = page.LastEvaluatedKey;
        }
        while (request.ExclusiveStartKey is { Count: > 0 });

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // Unambiguous, since each text says its length; the order of attributes means nothing.
    private static string Text(AttributeValue value) => value switch
    {
        { S: { } text } => $"S{text.Length}:{text}",
        { N: { } number } => $"N{number}",
        { L: { } list } => $"[{string.Join(',', list.Select(Text))}]",
        { M: { } map } => $"{{{string.Join(',', map.OrderBy(static entry => entry.Key, StringComparer.Ordinal).Select(static entry => $"{entry.Key.Length}:{entry.Key}={Text(entry.Value)}"))}}}",
        _ => throw new NotSupportedException("The library stores texts, numbers, lists and maps only."),
    };
}
