using Amazon.DynamoDBv2.Model;
using DigestStore.DynamoDb;
using DigestStore.Records;
using DigestStore.Table;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.UnitTests.DynamoDb;

public sealed class QueriesTests
{
    [Fact]
    public void The_items_of_a_request_are_those_that_each_alone_would_be()
    {
        ItemWrite[] writes = [Write(0, 0, 0, 1), Write(1, 0, 0, 1), Write(2, 1, 2, 3), Write(3, 0, 2, 2), Write(4, 0, 0, 1)];

        List<WriteRequest> requests = Assert.Single(Queries.Write(new WriteBatch(Some.Partition, writes, [])).RequestItems).Value;

        Assert.Equal(
            writes.Select(static write => Texts(ItemMapper.ToAttributes(write, Some.Partition))),
            requests.Select(static request => Texts(request.PutRequest.Item)));
    }

    [Fact]
    public void What_the_items_of_a_request_have_in_common_is_made_once()
    {
        List<WriteRequest> requests = Queries.Write(new WriteBatch(Some.Partition, [Write(0, 0, 0, 1), Write(1, 0, 0, 1)], [])).RequestItems["digests"];

        Assert.All(
            [N.Pk, N.Date, N.CreatedAt, N.UpdatedAt, N.Revision, N.Version],
            name => Assert.Same(requests[0].PutRequest.Item[name], requests[1].PutRequest.Item[name]));
        Assert.NotSame(requests[0].PutRequest.Item[N.Sk], requests[1].PutRequest.Item[N.Sk]);
    }

    private static ItemWrite Write(int number, int createdHour, int updatedHour, int revision)
    {
        CleanItem content = Some.Clean(Some.Item(number) with { Tags = ["a", "b"] });
        return new ItemWrite
        {
            Id = Some.Id(number),
            Content = content,
            CreatedAt = FixedClock.Start.AddHours(createdHour),
            UpdatedAt = FixedClock.Start.AddHours(updatedHour),
            Revision = revision,
            Ordinal = number,
            ExpiresAt = null,
        };
    }

    private static string Texts(Dictionary<string, AttributeValue> item) => string.Join(
        '\n',
        item.OrderBy(static attribute => attribute.Key, StringComparer.Ordinal)
            .Select(static attribute => $"{attribute.Key}={attribute.Value.S}{attribute.Value.N}{string.Join(',', (attribute.Value.L ?? []).Select(static element => element.S))}"));
}
