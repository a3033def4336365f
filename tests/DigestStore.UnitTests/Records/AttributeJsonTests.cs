using System.Buffers;
using System.Text;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using DigestStore.DynamoDb;
using DigestStore.Records;

namespace DigestStore.UnitTests.Records;

public sealed class AttributeJsonTests
{
    [Theory]
    [InlineData("""{"S":"a \u0022text\u0022"}""")]
    [InlineData("""{"N":"-1.5E-10"}""")]
    [InlineData("""{"B":"AAEC/w=="}""")]
    [InlineData("""{"B":""}""")]
    [InlineData("""{"BOOL":true}""")]
    [InlineData("""{"BOOL":false}""")]
    [InlineData("""{"NULL":true}""")]
    [InlineData("""{"L":[]}""")]
    [InlineData("""{"L":[{"S":"a"},{"L":[{"N":"1"}]},{"NULL":true}]}""")]
    [InlineData("""{"M":{}}""")]
    [InlineData("""{"M":{"a":{"M":{"b":{"BOOL":false}}}}}""")]
    [InlineData("""{"SS":["a","b"]}""")]
    [InlineData("""{"NS":["1","2.5"]}""")]
    [InlineData("""{"BS":["AA==","/w=="]}""")]
    public void A_value_of_each_type_is_written_as_it_was_read(string value)
    {
        byte[] json = Encoding.UTF8.GetBytes($$"""{"name":{{value}}}""");
        Assert.True(AnswerShape.IsAttributeMap(json));
        var reader = new Utf8JsonReader(json);
        reader.Read();
        Dictionary<string, AttributeValue> map = AttributeJson.ReadMap(ref reader);

        var written = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(written))
        {
            AttributeJson.WriteMap(writer, map);
        }

        Assert.Equal(Encoding.UTF8.GetString(json), Encoding.UTF8.GetString(written.WrittenSpan));
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_written_as_a_replacement_character()
    {
        var written = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(written))
        {
            AttributeJson.WriteMap(writer, new() { ["name"] = ItemMapper.Text("\uD83D") });
        }

        using JsonDocument document = JsonDocument.Parse(written.WrittenMemory);
        Assert.Equal("\uFFFD", document.RootElement.GetProperty("name").GetProperty("S").GetString());
    }
}
