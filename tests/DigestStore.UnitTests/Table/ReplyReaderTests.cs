using System.Net;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using DigestStore.Table;

namespace DigestStore.UnitTests.Table;

public sealed class ReplyReaderTests
{
    private static readonly LookupRequest Lookup = new(Some.Partition, WithHeader: true, [Some.Id(1), Some.Id(2)], Consistent: true);

    [Fact]
    public void Absent_collections_are_empty()
    {
        PageReply page = ReplyReader.Page(new QueryResponse { Items = null, LastEvaluatedKey = null, ConsumedCapacity = null }, new PageRequest(Some.Partition, null, true));
        LookupReply lookup = ReplyReader.Lookup(new BatchGetItemResponse { Responses = null, UnprocessedKeys = null, ConsumedCapacity = null }, Lookup, 3);
        WriteReply write = ReplyReader.Write(new BatchWriteItemResponse { UnprocessedItems = null, ConsumedCapacity = null }, Batch(1, 2), 2);

        Assert.Equal((0, null, null), (page.Items.Count, page.Header, page.Next));
        Assert.Equal((0, 0, false), (lookup.Items.Count, lookup.Left, lookup.CameToNothing));
        Assert.Equal((0, false), (write.Unprocessed.Count, write.CameToNothing));
    }

    [Fact]
    public void An_answer_off_the_wire_without_any_evidence_is_hollow()
    {
        var request = new PageRequest(Some.Partition, null, Consistent: true);
        PageReply page = ReplyReader.Page(OffTheWire(new QueryResponse { Items = null, LastEvaluatedKey = null, Count = null, ScannedCount = null }), request);
        HeaderReply header = ReplyReader.Header(OffTheWire(new UpdateItemResponse { Attributes = null }));

        Assert.Equal((FaultKind.InvalidResponse, "HollowAnswer"), (page.Fault!.Kind, page.Fault.Code));
        Assert.Equal((FaultKind.InvalidResponse, "HollowAnswer"), (header.Fault!.Kind, header.Fault.Code));
        Assert.Null(ReplyReader.Page(OffTheWire(new QueryResponse { Items = [] }), request).Fault);
        Assert.Null(ReplyReader.Page(OffTheWire(new QueryResponse { Items = null, Count = 0 }), request).Fault);
        Assert.Null(ReplyReader.Page(OffTheWire(new QueryResponse { Items = null, ScannedCount = 0 }), request).Fault);
        Assert.Null(ReplyReader.Page(OffTheWire(new QueryResponse { Items = null, ConsumedCapacity = new ConsumedCapacity() }), request).Fault);
        Assert.Null(ReplyReader.Header(OffTheWire(new UpdateItemResponse { ConsumedCapacity = new ConsumedCapacity { CapacityUnits = 1 } })).Fault);
        Assert.Null(ReplyReader.Header(new UpdateItemResponse()).Fault);
    }

    [Fact]
    public void Empty_collections_are_empty()
    {
        PageReply page = ReplyReader.Page(new QueryResponse { Items = [], LastEvaluatedKey = [] }, new PageRequest(Some.Partition, null, true));
        WriteReply write = ReplyReader.Write(new BatchWriteItemResponse { UnprocessedItems = new() { ["digests"] = [] } }, Batch(1), 1);

        Assert.Null(page.Next);
        Assert.Empty(write.Unprocessed);
    }

    [Fact]
    public void A_page_has_header_items_and_strangers()
    {
        PageReply page = ReplyReader.Page(
            new QueryResponse
            {
                Items = [Key(RecordKeys.Header), Key(RecordKeys.Item(Some.Id(1))), Key("NOTE"), [], new() { ["sk"] = new() { N = "1" } }],
                LastEvaluatedKey = Key("ITEM#z"),
                ConsumedCapacity = new ConsumedCapacity { CapacityUnits = 2.5 },
            },
            new PageRequest(Some.Partition, null, true));

        Assert.NotNull(page.Header);
        Assert.Equal(Some.Id(1), Assert.Single(page.Items).Id);
        Assert.Equal((3, "ITEM#z", 2.5), (page.Strangers, page.Next, page.Units));
    }

    [Fact]
    public void Leftovers_are_those_that_were_sent_each_once()
    {
        var response = new BatchWriteItemResponse
        {
            UnprocessedItems = new()
            {
                ["digests"] = [Put(1), Put(1), Put(99), null!, new WriteRequest(), new WriteRequest(new PutRequest { Item = [] }), Delete(2)],
                ["other"] = [Put(2)],
            },
            ConsumedCapacity = [new ConsumedCapacity { CapacityUnits = 1 }, null!, new ConsumedCapacity { CapacityUnits = 2 }],
        };

        WriteReply reply = ReplyReader.Write(response, Batch(1, 2, 3), 3);

        Assert.Equal([Some.Id(1), Some.Id(2)], reply.Unprocessed);
        Assert.Equal(3, reply.Units);
        Assert.False(reply.CameToNothing);
    }

    [Fact]
    public void A_table_named_by_arn_is_found_by_its_plain_name()
    {
        var batch = new WriteBatch(Some.Partition with { Table = "arn:aws:dynamodb:eu-central-1:000000000000:table/digests" }, [Some.Write(Some.Clean(Some.Item(1)))], []);

        WriteReply reply = ReplyReader.Write(new BatchWriteItemResponse { UnprocessedItems = new() { ["digests"] = [Put(1)] } }, batch, 1);

        Assert.True(reply.CameToNothing);
    }

    [Fact]
    public void Lookups_ignore_what_was_not_asked_for()
    {
        LookupReply reply = ReplyReader.Lookup(
            new BatchGetItemResponse
            {
                Responses = new() { ["digests"] = [Key(RecordKeys.Item(Some.Id(1))), Key(RecordKeys.Item(Some.Id(99))), Key("NOTE")] },
                UnprocessedKeys = new() { ["digests"] = new KeysAndAttributes { Keys = [Key(RecordKeys.Item(Some.Id(2))), Key(RecordKeys.Item(Some.Id(98))), Key(RecordKeys.Header)] } },
            },
            Lookup,
            3);

        Assert.Equal(Some.Id(1), Assert.Single(reply.Items).Id);
        Assert.Equal([Some.Id(2)], reply.Unprocessed);
        Assert.True(reply.HeaderUnprocessed);
        Assert.Equal((2, false), (reply.Left, reply.CameToNothing));
    }

    private static T OffTheWire<T>(T response)
        where T : AmazonWebServiceResponse
    {
        response.HttpStatusCode = HttpStatusCode.OK;
        return response;
    }

    private static WriteBatch Batch(params int[] numbers) => new(Some.Partition, [.. numbers.Select(static number => Some.Write(Some.Clean(Some.Item(number))))], []);

    private static WriteRequest Put(int number) => new(new PutRequest(Key(RecordKeys.Item(Some.Id(number)))));

    private static WriteRequest Delete(int number) => new(new DeleteRequest(Key(RecordKeys.Item(Some.Id(number)))));

    private static Dictionary<string, AttributeValue> Key(string sortKey) => new() { ["pk"] = new() { S = Some.Partition.Key }, ["sk"] = new() { S = sortKey } };
}
