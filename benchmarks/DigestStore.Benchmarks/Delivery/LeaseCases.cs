using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using DigestStore.Benchmarks.Peers;
using DigestStore.Benchmarks.Runs;
using DigestStore.Benchmarks.Stub;

namespace DigestStore.Benchmarks.Delivery;

/// <summary>Acquiring and completing a lease, beside one bare conditional UpdateItem for each, on the stub.</summary>
internal sealed class LeaseCases : IDisposable
{
    private const int Times = 200;
    private const int WarmUpRounds = 6;

    private readonly StubProcess _stub;
    private readonly AmazonDynamoDBClient _bare;
    private readonly AmazonDynamoDBClient _client;
    private readonly DigestRepository _repository;
    private readonly Dates _dates = new();

    public LeaseCases(StubProcess stub)
    {
        _stub = stub;
        (_bare, _client) = (SdkClient.Create(stub.Url), SdkClient.Create(stub.Url));
        _repository = new DigestRepository(_client, new DigestStoreOptions { TableName = SdkClient.Table });
    }

    /// <summary>The medians: the library's acquire and complete, and the two bare updates.</summary>
    public async Task<(Cost Acquire, Cost Complete, Cost BareAcquire, Cost BareComplete)> RunAsync(int rounds)
    {
        var costs = new List<Cost>[] { [], [], [], [] };
        for (int round = -WarmUpRounds; round < rounds; round++)
        {
            await _stub.ConfigureAsync(new StubSettings { Forget = true });
            DateOnly[] ours = [.. Enumerable.Range(0, Times).Select(_ => _dates.Next())];
            DateOnly[] bare = [.. Enumerable.Range(0, Times).Select(_ => _dates.Next())];
            var leases = new DeliveryLease[Times];
            Cost[] measured =
            [
                await Meter.MeasureAsync(_stub, [.. ours.Select((date, index) => (Func<Task>)(async () => leases[index] = await AcquireAsync(date)))]),
                await Meter.MeasureAsync(_stub, [.. leases.Select(lease => (Func<Task>)(() => CompleteAsync(lease)))]),
                await Meter.MeasureAsync(_stub, [.. bare.Select(date => (Func<Task>)(() => AcquireBareAsync(date)))]),
                await Meter.MeasureAsync(_stub, [.. bare.Select(date => (Func<Task>)(() => CompleteBareAsync(date)))]),
            ];
            for (int index = 0; round >= 0 && index < measured.Length; index++)
            {
                costs[index].Add(measured[index]);
            }
        }

        return (Cost.Median(costs[0]), Cost.Median(costs[1]), Cost.Median(costs[2]), Cost.Median(costs[3]));
    }

    public void Dispose()
    {
        _repository.Dispose();
        _client.Dispose();
        _bare.Dispose();
    }

    private async Task<DeliveryLease> AcquireAsync(DateOnly date)
    {
        DeliveryLease lease = await _repository.AcquireAsync(date);
        return lease.Outcome == DeliveryLeaseOutcome.Granted ? lease : throw new InvalidOperationException($"The lease was not granted: {lease.Outcome}.", lease.Error);
    }

    private async Task CompleteAsync(DeliveryLease lease)
    {
        DeliveryChange change = await _repository.CompleteAsync(lease, new DeliveryReceipt { SentCount = Times });
        if (!change.IsRecorded)
        {
            throw new InvalidOperationException($"The completion was not recorded: {change.Outcome}.", change.Error);
        }
    }

    private Task<UpdateItemResponse> AcquireBareAsync(DateOnly date) => UpdateBareAsync(
        date,
        "SET #status = :sending, #token = :token, #until = :until",
        "attribute_not_exists(#until) OR #until < :now",
        new() { [":sending"] = new("sending"), [":token"] = new("a-token"), [":until"] = new() { N = "1800000300000" }, [":now"] = new() { N = "1800000000000" } },
        new() { ["#status"] = "status", ["#token"] = "leaseToken", ["#until"] = "leaseUntil" });

    private Task<UpdateItemResponse> CompleteBareAsync(DateOnly date) => UpdateBareAsync(
        date,
        "SET #status = :delivered REMOVE #until",
        "#token = :token",
        new() { [":delivered"] = new("delivered"), [":token"] = new("a-token") },
        new() { ["#status"] = "status", ["#token"] = "leaseToken", ["#until"] = "leaseUntil" });

    private Task<UpdateItemResponse> UpdateBareAsync(DateOnly date, string update, string condition, Dictionary<string, AttributeValue> values, Dictionary<string, string> names) => _bare.UpdateItemAsync(new UpdateItemRequest
    {
        TableName = SdkClient.Table,
        Key = new() { ["pk"] = new(PeerItem.PartitionKey("bare", date)), ["sk"] = new("HEADER") },
        UpdateExpression = update,
        ConditionExpression = condition,
        ExpressionAttributeNames = names,
        ExpressionAttributeValues = values,
        ReturnValues = ReturnValue.ALL_NEW,
    });
}
