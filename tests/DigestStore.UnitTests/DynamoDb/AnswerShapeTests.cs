using System.Text;
using DigestStore.DynamoDb;
using DigestStore.Table;

namespace DigestStore.UnitTests.DynamoDb;

public sealed class AnswerShapeTests
{
    [Theory]
    [InlineData("Query", "{}")]
    [InlineData("Query", """{"Items":[{"pk":{"S":"a"},"n":{"N":"1"},"b":{"B":"AA=="},"t":{"BOOL":true},"z":{"NULL":true},"m":{"M":{"x":{"L":[{"S":"y"}]}}},"s":{"SS":["a"]},"bs":{"BS":["A\u0041=="]},"e":{}}],"Count":1,"LastEvaluatedKey":{"pk":{"S":"a"}},"ConsumedCapacity":{"TableName":"t","CapacityUnits":0.5}}""")]
    [InlineData("Query", """{"Items":null,"LastEvaluatedKey":null,"Count":0}""")]
    [InlineData("Query", """{"ConsumedCapacity":{"Table":{"CapacityUnits":1},"LocalSecondaryIndexes":{"i":{"CapacityUnits":1}},"GlobalSecondaryIndexes":{},"VectorIndexes":{"i":{"VectorSearchRequestBytes":0.5,"VectorWriteRequestBytes":1,"SomethingNew":[1]}}}}""")]
    [InlineData("Query", """{"SomethingNew":[1,{"a":[]},"\u00e9"]}""")]
    [InlineData("Query", """{"Items":[{"a/\u00e9":{"S":"\ud83d\ude00 \"x\""},"y":{"SomethingNew":5}}],"Count":1}""")]
    [InlineData("BatchGetItem", """{"Responses":{"t":[{"pk":{"S":"a"}}]},"UnprocessedKeys":{"arn:a:b:c:d:table/t":{"Keys":[{"pk":{"S":"a"}}],"ConsistentRead":true,"AttributesToGet":["a"],"ProjectionExpression":"a","ExpressionAttributeNames":{"#a":"a"}}},"ConsumedCapacity":[{"TableName":"t","CapacityUnits":1}]}""")]
    [InlineData("BatchWriteItem", """{"UnprocessedItems":{"t":[{"PutRequest":{"Item":{"pk":{"S":"a"}}}},{"DeleteRequest":{"Key":{"pk":{"S":"a"}}}}]}}""")]
    [InlineData("BatchWriteItem", """{"UnprocessedItems":{"t":null},"ItemCollectionMetrics":{}}""")]
    [InlineData("UpdateItem", """{"Attributes":{"a":{"S":"b"}},"ConsumedCapacity":{"TableName":"t","CapacityUnits":1}}""")]
    public void What_DynamoDB_answers_is_sound(string operation, string body) => Assert.True(IsSound(operation, body));

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{} {}")]
    [InlineData("""{"Items":5}""")]
    [InlineData("""{"Items":{}}""")]
    [InlineData("""{"Items":[5]}""")]
    [InlineData("""{"Items":[null]}""")]
    [InlineData("""{"Items":[{"pk":null}]}""")]
    [InlineData("""{"Items":[{"pk":"a"}]}""")]
    [InlineData("""{"Items":[{"pk":{"S":5}}]}""")]
    [InlineData("""{"Items":[{"pk":{"S":null}}]}""")]
    [InlineData("""{"Items":[{"pk":{"s":"a"}}]}""")]
    [InlineData("""{"Items":[{"pk":{"x/S":"a"}}]}""")]
    [InlineData("""{"Items":[{"pk":{"\u0053":"a"}}]}""")]
    [InlineData("""{"Items":[{"pk":{"S":"\ud800"}}]}""")]
    [InlineData("""{"Items":[{"\udc00":{"S":"a"}}]}""")]
    [InlineData("""{"Items":[{"pk":{"M":[]}}]}""")]
    [InlineData("""{"Items":[{"pk":{"M":{"a":null}}}]}""")]
    [InlineData("""{"Items":[{"pk":{"BOOL":"true"}}]}""")]
    [InlineData("""{"Items":[{"pk":{"NULL":"true"}}]}""")]
    [InlineData("""{"Items":[{"pk":{"N":1}}]}""")]
    [InlineData("""{"Items":[{"pk":{"B":[]}}]}""")]
    [InlineData("""{"Items":[{"pk":{"B":"%%%"}}]}""")]
    [InlineData("""{"Items":[{"pk":{"L":{}}}]}""")]
    [InlineData("""{"Items":[{"pk":{"L":[null]}}]}""")]
    [InlineData("""{"Items":[{"pk":{"SS":"a"}}]}""")]
    [InlineData("""{"Items":[{"pk":{"SS":[null]}}]}""")]
    [InlineData("""{"Items":[{"pk":{"NS":[1]}}]}""")]
    [InlineData("""{"Items":[{"pk":{"BS":{}}}]}""")]
    [InlineData("""{"Items":[{"pk":{"BS":["%"]}}]}""")]
    [InlineData("""{"items":[]}""")]
    [InlineData("""{"x/Items":5}""")]
    [InlineData("""{"\u0049tems":[]}""")]
    [InlineData("""{"Count":1.5}""")]
    [InlineData("""{"Count":99999999999999}""")]
    [InlineData("""{"Count":"1"}""")]
    [InlineData("""{"LastEvaluatedKey":[]}""")]
    [InlineData("""{"ConsumedCapacity":[{"CapacityUnits":1}]}""")]
    [InlineData("""{"ConsumedCapacity":{"CapacityUnits":"much"}}""")]
    [InlineData("""{"ConsumedCapacity":{"Table":5}}""")]
    [InlineData("""{"ConsumedCapacity":{"Table":{"CapacityUnits":"x"}}}""")]
    [InlineData("""{"ConsumedCapacity":{"GlobalSecondaryIndexes":[1,2]}}""")]
    [InlineData("""{"ConsumedCapacity":{"localSecondaryIndexes":{}}}""")]
    [InlineData("""{"SomethingNew":"\ud800"}""")]
    [InlineData("""{"Items":[{"pk":{"S":"a"}}""")]
    public void Whatever_else_is_not(string body) => Assert.False(IsSound("Query", body));

    [Theory]
    [InlineData("BatchWriteItem", """{"UnprocessedItems":{"t":{}}}""")]
    [InlineData("BatchWriteItem", """{"UnprocessedItems":{"t":[null]}}""")]
    [InlineData("BatchWriteItem", """{"UnprocessedItems":{"t":[{"PutRequest":[]}]}}""")]
    [InlineData("BatchWriteItem", """{"UnprocessedItems":{},"ItemCollectionMetrics":5}""")]
    [InlineData("BatchWriteItem", """{"UnprocessedItems":{},"ItemCollectionMetrics":{"digests":5}}""")]
    [InlineData("BatchWriteItem", """{"UnprocessedItems":{},"ConsumedCapacity":{}}""")]
    [InlineData("BatchWriteItem", """{"UnprocessedItems":{},"ConsumedCapacity":[5]}""")]
    [InlineData("BatchGetItem", """{"Responses":[]}""")]
    [InlineData("BatchGetItem", """{"UnprocessedKeys":{"t":{"ConsistentRead":"x"}}}""")]
    [InlineData("BatchGetItem", """{"UnprocessedKeys":{"t":{"AttributesToGet":{"a":1}}}}""")]
    [InlineData("BatchGetItem", """{"UnprocessedKeys":{"t":{"ExpressionAttributeNames":{"a":1}}}}""")]
    [InlineData("UpdateItem", """{"Attributes":5}""")]
    [InlineData("DescribeTable", "{}")]
    public void Each_operation_has_members_of_its_own(string operation, string body) => Assert.False(IsSound(operation, body));

    [Fact]
    public void Bytes_that_are_no_text_are_not() =>
        Assert.False(IsSound("Query", [.. "{\"Items\":[{\"pk\":{\"S\":\""u8, 0xC3, 0x28, .. "\"}}]}"u8]));

    [Theory]
    [InlineData(32, true)]
    [InlineData(500, false)]
    public void Depth_is_as_much_as_a_record_can_have(int levels, bool isSound)
    {
        string value = string.Concat(Enumerable.Repeat("""{"M":{"a":""", levels)) + """{"S":"x"}""" + new string('}', 2 * levels);

        Assert.Equal(isSound, IsSound("Query", "{\"Items\":[{\"a\":" + value + "}]}"));
        Assert.Equal(isSound, IsSound("BatchWriteItem", "{\"UnprocessedItems\":{\"t\":[{\"PutRequest\":{\"Item\":{\"a\":" + value + "}}}]}}"));
    }

    private static bool IsSound(string operation, string body) => IsSound(operation, Encoding.UTF8.GetBytes(body));

    // A page is looked at by the one who reads it.
    private static bool IsSound(string operation, byte[] body) =>
        operation == "Query" ? PageBody.Read(body, PageRequest.OfDay(Some.Partition, after: null, consistent: true), null) is not null : AnswerShape.IsValid(body, operation);
}
