using System.Net;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using DigestStore.Day;
using DigestStore.DynamoDb;
using DigestStore.Records;
using DigestStore.Table;

namespace DigestStore.UnitTests.DynamoDb;

public sealed class ReplyReaderTests
{
    private static readonly LookupRequest Lookup = DayLookup.Of(Some.Partition, withHeader: true, [Some.Id(1), Some.Id(2)], consistent: true);

    private static readonly RecordUpdate Update = new("table", new RecordKey("pk", "sk")) { Changes = [new AttributeChange.Remove("status")] };

    [Fact]
    public void Absent_collections_are_empty()
    {
        PageReply page = ReplyReader.Page(new QueryResponse { Items = null, LastEvaluatedKey = null, ConsumedCapacity = null }, PageRequest.OfDay(Some.Partition, after: null, consistent: true));
        LookupReply lookup = ReplyReader.Lookup(new BatchGetItemResponse { Responses = null, UnprocessedKeys = null, ConsumedCapacity = null }, Lookup);
        WriteReply write = ReplyReader.Write(new BatchWriteItemResponse { UnprocessedItems = null, ConsumedCapacity = null }, Batch(1, 2), 2);

        Assert.Equal((0, null, null), (page.Items.Count, page.Header, page.Next));
        Assert.Equal((0, 0, false), (lookup.Records.Count, lookup.Unprocessed.Count, lookup.MadeNoProgress));
        Assert.Equal((0, false), (write.Unprocessed.Count, write.MadeNoProgress));
    }

    [Fact]
    public void An_answer_off_the_wire_without_any_evidence_is_hollow()
    {
        var request = PageRequest.OfDay(Some.Partition, after: null, consistent: true);
        PageReply page = ReplyReader.Page(OffTheWire(new QueryResponse { Items = null, LastEvaluatedKey = null, Count = null, ScannedCount = null }), request);
        UpdateReply header = ReplyReader.Update(OffTheWire(new UpdateItemResponse { Attributes = null }), Update);

        Assert.Equal((FaultKind.InvalidResponse, "EmptyAnswer"), (page.Fault!.Kind, page.Fault.Code));
        Assert.Equal((FaultKind.InvalidResponse, "EmptyAnswer"), (header.Fault!.Kind, header.Fault.Code));
        Assert.Null(ReplyReader.Page(OffTheWire(new QueryResponse { Items = [], Count = 0 }), request).Fault);
        Assert.Null(ReplyReader.Page(OffTheWire(new QueryResponse { Items = null, Count = 0 }), request).Fault);
        Assert.Null(ReplyReader.Update(OffTheWire(new UpdateItemResponse { ConsumedCapacity = new ConsumedCapacity { CapacityUnits = 1 } }), Update).Fault);
        Assert.Null(ReplyReader.Update(new UpdateItemResponse(), Update).Fault);
    }

    [Fact]
    public void An_update_that_asked_for_the_record_has_it_or_is_an_empty_answer()
    {
        var consumed = new ConsumedCapacity { CapacityUnits = 1 };
        RecordUpdate asking = Update with { ReturnsRecord = true };

        UpdateReply told = ReplyReader.Update(new UpdateItemResponse { ConsumedCapacity = consumed, Attributes = new() { ["status"] = ItemMapper.Text("sending") } }, asking);

        Assert.Equal(("sending", null), (told.Record?.Text("status"), told.Fault));
        Assert.Equal("EmptyAnswer", ReplyReader.Update(new UpdateItemResponse { ConsumedCapacity = consumed }, asking).Fault?.Code);
        Assert.Null(ReplyReader.Update(new UpdateItemResponse { ConsumedCapacity = consumed, Attributes = [] }, Update).Record);
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(0, -1)]
    [InlineData(0, null)]
    [InlineData(1, null)]
    [InlineData(1, 2)]
    [InlineData(null, 30)]
    [InlineData(null, null)]
    public void A_page_brings_as_many_records_as_it_says(int? records, int? count)
    {
        List<Dictionary<string, AttributeValue>>? items = records is { } many ? [.. Enumerable.Range(0, many).Select(static _ => Key("NOTE"))] : null;
        var response = new QueryResponse { Items = items, Count = count, ScannedCount = count, ConsumedCapacity = new ConsumedCapacity { CapacityUnits = 1 } };

        Assert.Equal("EmptyAnswer", ReplyReader.Page(OffTheWire(response), PageRequest.OfDay(Some.Partition, after: null, consistent: true)).Fault?.Code);
    }

    [Fact]
    public void Records_of_another_partition_or_of_none_are_not_this_day_s()
    {
        Dictionary<string, AttributeValue>[] foreign = [Foreign(RecordKeys.Item(Some.Id(1))), Foreign(RecordKeys.Header), Foreign("NOTE"), [], new() { ["sk"] = new() { S = "NOTE" } }];

        Assert.All(foreign, static record =>
        {
            Assert.Equal("ForeignPartition", ReplyReader.Page(new QueryResponse { Items = [Key("NOTE"), record] }, PageRequest.OfDay(Some.Partition, after: null, consistent: true)).Fault?.Code);
            Assert.Equal("ForeignPartition", ReplyReader.Lookup(new BatchGetItemResponse { Responses = new() { ["digests"] = [record] } }, Lookup).Fault?.Code);
            Assert.Equal("ForeignPartition", ReplyReader.Lookup(new BatchGetItemResponse { UnprocessedKeys = new() { ["digests"] = new() { Keys = [record] } } }, Lookup).Fault?.Code);
        });
    }

    [Fact]
    public void A_header_that_comes_twice_is_none() =>
        Assert.Equal("HeaderTwice", ReplyReader.Page(new QueryResponse { Items = [Key(RecordKeys.Header), Key(RecordKeys.Header)] }, PageRequest.OfDay(Some.Partition, after: null, consistent: true)).Fault?.Code);

    [Theory]
    [InlineData(-5, 0)]
    [InlineData(double.PositiveInfinity, 0)]
    [InlineData(double.NaN, 0)]
    [InlineData(1e308, 0)]
    [InlineData(0.5, 0.5)]
    public void What_cannot_be_a_cost_costs_nothing(double units, double counted)
    {
        var consumed = new ConsumedCapacity { CapacityUnits = units };

        Assert.Equal(counted, ReplyReader.Page(new QueryResponse { ConsumedCapacity = consumed }, PageRequest.OfDay(Some.Partition, after: null, consistent: true)).Units);
        Assert.Equal(counted, ReplyReader.Lookup(new BatchGetItemResponse { ConsumedCapacity = [consumed] }, Lookup).Units);
        Assert.Equal(counted, ReplyReader.Write(new BatchWriteItemResponse { ConsumedCapacity = [consumed] }, Batch(1), 1).Units);
        Assert.Equal(counted, ReplyReader.Update(new UpdateItemResponse { ConsumedCapacity = consumed }, Update).Units);
    }

    [Fact]
    public void Empty_collections_are_empty()
    {
        PageReply page = ReplyReader.Page(new QueryResponse { Items = [], LastEvaluatedKey = [] }, PageRequest.OfDay(Some.Partition, after: null, consistent: true));
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
                Items = [Key(RecordKeys.Header), Key(RecordKeys.Item(Some.Id(1))), Key("NOTE"), Key("ITEM#x")],
                LastEvaluatedKey = Key("ITEM#z"),
                ConsumedCapacity = new ConsumedCapacity { CapacityUnits = 2.5 },
            },
            PageRequest.OfDay(Some.Partition, after: null, consistent: true));

        Assert.NotNull(page.Header);
        Assert.Equal(Some.Id(1), Assert.Single(page.Items).Id);
        Assert.Equal((2, "ITEM#z", 2.5), (page.UnknownRecords, page.Next, page.Units));
    }

    [Fact]
    public void A_page_of_a_partition_that_is_no_day_has_its_records_and_no_others()
    {
        var request = new PageRequest("digests", "SENT#daily", Consistent: true);
        Dictionary<string, AttributeValue> record = new() { ["pk"] = new() { S = "SENT#daily" }, ["sk"] = new() { S = "2026-11-21" } };

        Assert.Equal("2026-11-21", Assert.Single(ReplyReader.Page(new QueryResponse { Items = [record] }, request).Records).Key.SortKey);
        Assert.Equal("ForeignPartition", ReplyReader.Page(new QueryResponse { Items = [record, Key("NOTE")] }, request).Fault?.Code);
        Assert.Equal("ForeignPartition", ReplyReader.Page(new QueryResponse { Items = [null!] }, request).Fault?.Code);
        Assert.Equal("EmptyAnswer", ReplyReader.Page(OffTheWire(new QueryResponse { Items = [record], Count = 2 }), request).Fault?.Code);
        Assert.Equal("LastEvaluatedKeyWithoutSortKey", ReplyReader.Page(new QueryResponse { Items = [record], LastEvaluatedKey = new() { ["pk"] = new() { S = "SENT#daily" } } }, request).Fault?.Code);
    }

    // Sort keys of the index are not unique: without the record the next page could not be asked for.
    [Fact]
    public void A_place_in_the_index_names_the_record_too()
    {
        var request = new PageRequest("digests", "STATUS#daily#pending", Consistent: false) { IsByStatus = true };
        Dictionary<string, AttributeValue> last = Key(RecordKeys.Header);
        (last["gsi1pk"], last["gsi1sk"]) = (new() { S = "STATUS#daily#pending" }, new() { S = "2026-11-21" });

        PageReply page = ReplyReader.Page(new QueryResponse { Items = [last], LastEvaluatedKey = last }, request);

        Assert.Equal(("2026-11-21", new RecordKey(Some.Partition.Key, RecordKeys.Header)), (page.Next, page.NextRecord));
        last.Remove("sk");
        Assert.Equal("LastEvaluatedKeyWithoutSortKey", ReplyReader.Page(new QueryResponse { Items = [], LastEvaluatedKey = last }, request).Fault?.Code);
    }

    [Fact]
    public void Leftovers_are_those_that_were_sent_each_once()
    {
        var response = new BatchWriteItemResponse
        {
            UnprocessedItems = new()
            {
                ["digests"] = [Put(1), Put(1), Put(99), new WriteRequest(new PutRequest(Foreign("NOTE"))), Delete(2)],
                ["other"] = [Put(98), new WriteRequest(new DeleteRequest(Key("NOTE")))],
                ["another"] = null!,
            },
            ConsumedCapacity = [new ConsumedCapacity { CapacityUnits = 1 }, null!, new ConsumedCapacity { CapacityUnits = 2 }],
        };

        WriteReply reply = ReplyReader.Write(response, Batch(1, 2, 3), 3);

        Assert.Equal([Some.Id(1), Some.Id(2)], reply.Unprocessed);
        Assert.Equal(3, reply.Units);
        Assert.False(reply.MadeNoProgress);
    }

    public static TheoryData<string, string> Garbled => new()
    {
        { "other", "ours" },
        { "arn:aws:dynamodb:eu-central-1:000000000000:table/others", "ours" },
        { "digests", "null" },
        { "digests", "nothing" },
        { "digests", "no record" },
        { "digests", "no partition" },
        { "digests", "another partition" },
        { "digests", "upper case" },
        { "digests", "half a key" },
        { "digests", "the header" },
        { "other", "no record" },
    };

    [Theory]
    [MemberData(nameof(Garbled))]
    public void A_leftover_that_may_be_ours_and_cannot_be_told_leaves_everything_open(string table, string what)
    {
        string sortKey = RecordKeys.Item(Some.Id(1));
        WriteRequest? write = what switch
        {
            "null" => null,
            "nothing" => new WriteRequest(),
            "no record" => new WriteRequest(new PutRequest { Item = [] }),
            "no partition" => new WriteRequest(new PutRequest { Item = new() { ["sk"] = new() { S = sortKey } } }),
            "another partition" => new WriteRequest(new PutRequest(Foreign(sortKey))),
            "upper case" => new WriteRequest(new PutRequest(Key(RecordKeys.ItemPrefix + Some.Id(1).ToString().ToUpperInvariant()))),
            "half a key" => new WriteRequest(new PutRequest(Key(sortKey[..20]))),
            "the header" => new WriteRequest(new PutRequest(Key(RecordKeys.Header))),
            _ => Put(1),
        };

        WriteReply reply = ReplyReader.Write(new BatchWriteItemResponse { UnprocessedItems = new() { [table] = [Put(2), write!] } }, Batch(1, 2, 3), 3);

        Assert.Equal((FaultKind.InvalidResponse, "ForeignPartition"), (reply.Fault!.Kind, reply.Fault.Code));
    }

    [Theory]
    [InlineData("arn:aws:dynamodb:eu-central-1:000000000000:table/digests")]
    [InlineData("digests")]
    public void A_table_is_found_by_its_name_and_by_its_arn(string name)
    {
        WriteReply write = ReplyReader.Write(new BatchWriteItemResponse { UnprocessedItems = new() { [name] = [Put(1)] } }, Batch(1), 1);
        LookupReply lookup = ReplyReader.Lookup(OffTheWire(new BatchGetItemResponse { Responses = new() { [name] = [Key(RecordKeys.Header)] } }), Lookup);

        Assert.True(write.MadeNoProgress);
        Assert.Single(lookup.Records);
    }

    public static TheoryData<string, string?> Unanswered => new()
    {
        { "nothing", "EmptyAnswer" },
        { "null", "EmptyAnswer" },
        { "some left", "EmptyAnswer" },
        { "another table", "ForeignPartition" },
        { "another table's keys", "ForeignPartition" },
        { "all left", null },
        { "empty", null },
    };

    [Theory]
    [MemberData(nameof(Unanswered))]
    public void A_lookup_is_answered_by_the_table_s_own_list_or_left_over_as_a_whole(string what, string? code)
    {
        Dictionary<string, AttributeValue>[] keys = [Key(RecordKeys.Header), Key(RecordKeys.Item(Some.Id(1))), Key(RecordKeys.Item(Some.Id(2)))];
        var response = new BatchGetItemResponse
        {
            Responses = what switch { "null" => new() { ["digests"] = null! }, "another table" => new() { ["other"] = [] }, "empty" => new() { ["digests"] = [] }, _ => [] },
            UnprocessedKeys = what switch
            {
                "all left" => new() { ["digests"] = new KeysAndAttributes { Keys = [.. keys] } },
                "some left" => new() { ["digests"] = new KeysAndAttributes { Keys = [.. keys[1..]] } },
                "another table's keys" => new() { ["other"] = new KeysAndAttributes { Keys = [.. keys] } },
                _ => [],
            },
        };

        Assert.Equal(code, ReplyReader.Lookup(OffTheWire(response), Lookup).Fault?.Code);
    }

    [Fact]
    public void A_table_named_by_arn_is_found_by_its_plain_name()
    {
        var batch = new WriteBatch(Some.Partition with { Table = "arn:aws:dynamodb:eu-central-1:000000000000:table/digests" }, [Some.Write(Some.Clean(Some.Item(1)))], []);

        WriteReply reply = ReplyReader.Write(new BatchWriteItemResponse { UnprocessedItems = new() { ["digests"] = [Put(1)] } }, batch, 1);

        Assert.True(reply.MadeNoProgress);
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
            Lookup);

        Assert.Equal(Lookup.Keys[1], Assert.Single(reply.Records).Key);
        Assert.Equal([Lookup.Keys[2], Lookup.Keys[0]], reply.Unprocessed);
        Assert.False(reply.MadeNoProgress);
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

    private static Dictionary<string, AttributeValue> Foreign(string sortKey) => new() { ["pk"] = new() { S = "DIGEST#other#2026-11-21" }, ["sk"] = new() { S = sortKey } };

    private static Dictionary<string, AttributeValue> Key(string sortKey) => new() { ["pk"] = new() { S = Some.Partition.Key }, ["sk"] = new() { S = sortKey } };
}
