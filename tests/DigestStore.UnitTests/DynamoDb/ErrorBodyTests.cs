using System.Text;
using DigestStore.DynamoDb;

namespace DigestStore.UnitTests.DynamoDb;

public sealed class ErrorBodyTests
{
    [Theory]
    [InlineData("""{"__type":"x#ThrottlingException","message":"slow","throttlingReasons":5}""", """{"__type":"x#ThrottlingException","message":"slow"}""")]
    [InlineData("""{"Message":"a \"b\" \u00e9","__type":"E","code":5,"a":{"__type":[]}}""", """{"__type":"E","message":"a \"b\" é"}""")]
    [InlineData("""{"__type":"x#ConditionalCheckFailedException","Item":{"a":{"N":"1"}},"item":7}""", """{"__type":"x#ConditionalCheckFailedException","Item":{"a":{"N":"1"}}}""")]
    [InlineData("""{"__type":"x#ConditionalCheckFailedException","Item":{"a":null}}""", """{"__type":"x#ConditionalCheckFailedException"}""")]
    [InlineData("""{"__type":"x#ThrottlingException","Item":{"a":{"N":"1"}}}""", """{"__type":"x#ThrottlingException"}""")]
    [InlineData("{}", "{}")]
    public void An_error_is_its_type_its_text_and_the_record_it_met(string body, string expected) => Assert.Equal(expected, Rebuild(Encoding.UTF8.GetBytes(body)));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("<html>")]
    [InlineData("""{"__type":5}""")]
    [InlineData("""{"message":{}}""")]
    [InlineData("""{"__type":"\ud800"}""")]
    [InlineData("""{"__type":"E"} {}""")]
    [InlineData("""{"__type":"E","message":"cut""")]
    public void Anything_else_is_nothing(string body) => Assert.Equal("", Rebuild(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void Bytes_that_are_no_text_are_nothing() => Assert.Equal("", Rebuild([.. "{\"__type\":\""u8, 0xC3, 0x28, .. "\"}"u8]));

    private static string Rebuild(byte[] body) => Encoding.UTF8.GetString(ErrorBody.Rebuild(body));
}
