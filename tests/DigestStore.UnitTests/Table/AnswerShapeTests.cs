using System.Text;
using DigestStore.Table;

namespace DigestStore.UnitTests.Table;

public sealed class AnswerShapeTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData("""{"Items":[{"pk":{"S":"a"},"n":{"N":"1"},"b":{"B":"AA=="},"t":{"BOOL":true},"z":{"NULL":true},"m":{"M":{"x":{"L":[{"S":"y"}]}}},"s":{"SS":["a"]}}],"Count":1,"LastEvaluatedKey":{"pk":{"S":"a"}},"ConsumedCapacity":{"TableName":"t","CapacityUnits":0.5}}""")]
    [InlineData("""{"Items":null,"LastEvaluatedKey":null}""")]
    [InlineData("""{"Responses":{"t":[{"pk":{"S":"a"}}]},"UnprocessedKeys":{"t":{"Keys":[{"pk":{"S":"a"}}],"ConsistentRead":true}},"ConsumedCapacity":[{"TableName":"t","CapacityUnits":1}]}""")]
    [InlineData("""{"UnprocessedItems":{"t":[{"PutRequest":{"Item":{"pk":{"S":"a"}}}},{"DeleteRequest":{"Key":{"pk":{"S":"a"}}}}]}}""")]
    [InlineData("""{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"no","ThrottlingReasons":[{"reason":"x"}]}""")]
    [InlineData("""{"SomethingNew":[1,{"a":[]}]}""")]
    [InlineData("""{"Items":[{"pk":{"\u0053":"a"},"x":{"\u0042\u004F\u004F\u004C":true},"y":{"\u0053omething else altogether":5}}]}""")]
    public void What_DynamoDB_answers_is_sound(string body) => Assert.True(AnswerShape.IsSound(Encoding.UTF8.GetBytes(body)));

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("{} {}")]
    [InlineData("""{"Items":5}""")]
    [InlineData("""{"Items":{}}""")]
    [InlineData("""{"Items":[5]}""")]
    [InlineData("""{"Items":[{"pk":"a"}]}""")]
    [InlineData("""{"Items":[{"pk":{"S":5}}]}""")]
    [InlineData("""{"Items":[{"pk":{"M":[]}}]}""")]
    [InlineData("""{"Items":[{"pk":{"\u0053":5}}]}""")]
    [InlineData("""{"Items":[{"pk":{"\u0042\u004F\u004F\u004C":"true"}}]}""")]
    [InlineData("""{"Items":[{"pk":{"BOOL":"true"}}]}""")]
    [InlineData("""{"Items":[{"pk":{"NULL":"true"}}]}""")]
    [InlineData("""{"Items":[{"pk":{"N":1}}]}""")]
    [InlineData("""{"Items":[{"pk":{"B":[]}}]}""")]
    [InlineData("""{"Items":[{"pk":{"L":{}}}]}""")]
    [InlineData("""{"Items":[{"pk":{"SS":"a"}}]}""")]
    [InlineData("""{"Items":[{"pk":{"NS":[1]}}]}""")]
    [InlineData("""{"Items":[{"pk":{"BS":{}}}]}""")]
    [InlineData("""{"LastEvaluatedKey":[]}""")]
    [InlineData("""{"UnprocessedItems":{"t":{}}}""")]
    [InlineData("""{"UnprocessedItems":{"t":[{"PutRequest":[]}]}}""")]
    [InlineData("""{"Responses":[]}""")]
    [InlineData("""{"ConsumedCapacity":[5]}""")]
    [InlineData("""{"ConsumedCapacity":{"CapacityUnits":"much"}}""")]
    [InlineData("""{"__type":5}""")]
    [InlineData("""{"Items":[{"pk":{"S":"a"}}""")]
    public void Whatever_else_is_not(string body) => Assert.False(AnswerShape.IsSound(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void Depth_without_end_is_not()
    {
        string deep = $$"""{"Items":[{"a":{{string.Concat(Enumerable.Repeat("""{"L":[""", 500))}}""";

        Assert.False(AnswerShape.IsSound(Encoding.UTF8.GetBytes(deep)));
    }
}
