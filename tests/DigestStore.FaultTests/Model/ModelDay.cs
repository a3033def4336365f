using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace DigestStore.FaultTests;

/// <summary>All records of one day, read by a plain SDK client directly from the engine.</summary>
internal sealed class ModelDay
{
    private readonly Dictionary<string, AttributeValue>? _header;

    private ModelDay(IReadOnlyList<Dictionary<string, AttributeValue>> records)
    {
        _header = records.FirstOrDefault(record => record["sk"].S == "HEADER");
        Records = [.. records.Where(record => record["sk"].S != "HEADER").Select(record => new ModelRecord(record))];
        ByKey = Records.ToDictionary(record => record.Key);
    }

    public static DateOnly Date { get; } = new(2026, 11, 21);

    public IReadOnlyList<ModelRecord> Records { get; }

    public IReadOnlyDictionary<string, ModelRecord> ByKey { get; }

    public bool HasHeader => _header is not null;

    public int Runs => Number("runs");

    public int NextOrdinal => Number("nextOrdinal");

    public bool IsMixed => Text("idRules") is { } rules && rules != "1";

    public string? Text(string name) => _header is not null && _header.TryGetValue(name, out AttributeValue? value) ? value.S : null;

    public static string PartitionOf(string digest) => $"DIGEST#{digest}#2026-11-21";

    public ILookup<string, ModelRecord> ByPage(bool dropsWww) => Records.ToLookup(record => record.PageUnder(dropsWww));

    public static async Task<ModelDay> ReadAsync(IAmazonDynamoDB plain, string table, string digest)
    {
        var records = new List<Dictionary<string, AttributeValue>>();
        Dictionary<string, AttributeValue>? after = null;
        do
        {
            QueryResponse page = await plain.QueryAsync(new QueryRequest
            {
                TableName = table,
                KeyConditionExpression = "pk = :pk",
                ExpressionAttributeValues = new() { [":pk"] = new(PartitionOf(digest)) },
                ConsistentRead = true,
                ExclusiveStartKey = after,
            });
            records.AddRange(page.Items ?? []);
            after = page.LastEvaluatedKey is { Count: > 0 } last ? last : null;
        }
        while (after is not null);
        return new ModelDay(records);
    }

    private int Number(string name) => _header is not null && _header.TryGetValue(name, out AttributeValue? value) ? int.Parse(value.N, CultureInfo.InvariantCulture) : 0;
}
