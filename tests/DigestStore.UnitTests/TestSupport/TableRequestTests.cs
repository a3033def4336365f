using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using DigestStore.TestSupport;

namespace DigestStore.UnitTests.TestSupport;

public sealed class TableRequestTests
{
    public static TheoryData<AmazonWebServiceRequest, string> Requests => new()
    {
        { new QueryRequest { TableName = "digests" }, "store Query table" },
        { new QueryRequest { TableName = "digests", IndexName = "by-status" }, "store Query index/by-status" },
        { new ScanRequest { TableName = "digests", IndexName = "by-status" }, "store Scan index/by-status" },
        { new BatchWriteItemRequest(), "store BatchWriteItem table" },
        { new DescribeTimeToLiveRequest { TableName = "digests" }, "store DescribeTimeToLive table" },
        { new ListTablesRequest(), "store ListTables account" },
        { new TransactGetItemsRequest(), "store GetItem table" },
        { new TransactWriteItemsRequest { TransactItems = [new() { Put = new Put() }, new() { ConditionCheck = new ConditionCheck() }] }, "store PutItem table, store ConditionCheckItem table" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public void A_request_is_the_action_that_IAM_asks_for(AmazonWebServiceRequest request, string recorded) =>
        Assert.Equal(recorded, string.Join(", ", TableRequest.Of("store", request)));

    [Fact]
    public void A_line_is_read_as_it_was_written()
    {
        var request = new TableRequest("DigestStore.Doctor.TableInspection", "Query", "index/by-status");

        Assert.Equal(request, TableRequest.Parse(request.ToString()));
        Assert.Contains("'Query table'", Assert.Throws<FormatException>(() => TableRequest.Parse("Query table")).Message, StringComparison.Ordinal);
    }
}
