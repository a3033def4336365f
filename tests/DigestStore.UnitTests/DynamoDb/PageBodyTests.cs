using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using DigestStore.DynamoDb;
using DigestStore.Records;
using DigestStore.Table;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.UnitTests.DynamoDb;

// A page that is read from the answer's own bytes says what the SDK would have said.
public sealed class PageBodyTests
{
    private const int Pages = 400;

    private static readonly PageRequest Request = PageRequest.OfDay(Some.Partition, after: null, consistent: true);

    private static readonly string[] Names =
    [
        N.Url, N.CanonicalUrl, N.Title, N.Summary, N.Source, N.Category, N.Author, N.PublishedAt, N.CreatedAt, N.UpdatedAt, N.ContentHash, N.Revision,
        N.Ordinal, N.ExpiresAt, N.Version, N.Tags, N.Metadata, N.Id, N.Date, N.IdRules, N.NextOrdinal, "another", "gr\u00f6\u00dfer", "a much longer name than any", "\"\\\u0001",
    ];

    [Fact]
    public async Task Pages_of_all_sorts_are_read_as_through_the_SDK()
    {
        for (int seed = 0; seed < Pages; seed++)
        {
            byte[] body = PageOf(new Random(seed));

            string expected = PageText.Of(await ThroughSdkAsync(body));

            Assert.True(expected == PageText.Of(PageBody.Read(body, Request, "call")), $"Page {seed}: {Encoding.UTF8.GetString(body)}");
        }
    }

    [Theory]
    [InlineData("""{"Items":[],"Count":0}""")]
    [InlineData("""{"Count":0,"ScannedCount":0,"Items":null,"LastEvaluatedKey":null,"ConsumedCapacity":null}""")]
    [InlineData("""{"Count":1,"Items":[]}""")]
    [InlineData("""{}""")]
    [InlineData("""{"Items":[{"pk":{"S":"DIGEST#other#2026-11-21"},"sk":{"S":"HEADER"}}],"Count":1}""")]
    [InlineData("""{"Items":[{"sk":{"S":"HEADER"}}],"Count":1}""")]
    [InlineData("""{"Items":[{"pk":{"N":"1"},"sk":{"S":"HEADER"}}],"Count":1}""")]
    [InlineData("""{"Items":[{"pk":{"S":"DIGEST#daily#2026-11-21"},"sk":{"S":"HEADER"}},{"sk":{"S":"HEADER"},"pk":{"S":"DIGEST#daily#2026-11-21"}}],"Count":2}""")]
    [InlineData("""{"Items":[{"pk":{"S":"DIGEST#daily#2026-11-21"},"sk":{"S":"HEADER"},"v":{"N":"2"},"idRules":{"S":"x"},"nextOrdinal":{"N":"7"},"expiresAt":{"N":"1"}}],"Count":1}""")]
    [InlineData("""{"Items":[],"Count":0,"LastEvaluatedKey":{}}""")]
    [InlineData("""{"Items":[],"Count":0,"LastEvaluatedKey":{"pk":{"S":"x"}}}""")]
    [InlineData("""{"Items":[],"Count":0,"LastEvaluatedKey":{"sk":{"N":"1"}}}""")]
    [InlineData("""{"Items":[],"Count":0,"LastEvaluatedKey":{"sk":{"S":"ITEM#"},"pk":{"S":"x"}}}""")]
    [InlineData("""{"Items":[],"Count":0,"ConsumedCapacity":{"TableName":"digests","Table":{"CapacityUnits":9},"CapacityUnits":2.5,"New":{"CapacityUnits":7}}}""")]
    [InlineData("""{"Items":[],"Count":0,"ConsumedCapacity":{"CapacityUnits":-1}}""")]
    [InlineData("""{"Items":[],"Count":0,"ConsumedCapacity":{"CapacityUnits":null}}""")]
    [InlineData("""{"Items":[{"pk":{"S":"DIGEST#daily#2026-11-21"},"sk":{"S":"ITEM#00000000000000000000000000000001","N":"1"},"url":{"N":"1","S":"u"},"title":{"S":"a","S":"b"},"tags":{"S":"x"},"metadata":{}}],"Count":1}""")]
    public async Task Corners_are_read_as_through_the_SDK(string json)
    {
        byte[] body = Encoding.UTF8.GetBytes(json);

        Assert.Equal(PageText.Of(await ThroughSdkAsync(body)), PageText.Of(PageBody.Read(body, Request, "call")));
    }

    [Theory]
    [InlineData("""{"Count":0,"Items":[],"Items":[]}""")]
    [InlineData("""{"Count":0,"Items":null,"Items":[]}""")]
    [InlineData("""{"Count":0,"Items":[],"Items":null}""")]
    [InlineData("""{"Items":[],"Count":5,"Count":0}""")]
    [InlineData("""{"Items":[],"Count":0,"LastEvaluatedKey":{"sk":{"S":"ITEM#"}},"LastEvaluatedKey":{}}""")]
    [InlineData("""{"Items":[],"Count":0,"LastEvaluatedKey":{"sk":{"S":"ITEM#"}},"LastEvaluatedKey":null}""")]
    [InlineData("""{"Items":[],"Count":0,"ConsumedCapacity":{"CapacityUnits":1},"ConsumedCapacity":{"CapacityUnits":2}}""")]
    [InlineData("""{"Items":[{"date":{"S":"a"},"date":{"S":"b"}}],"Count":1}""")]
    [InlineData("""{"Items":[{"sk":{"S":"HEADER"},"sk":{"S":"NOTE"}}],"Count":1}""")]
    [InlineData("""{"Items":[{"new":{"S":"a"},"new":{"S":"b"}}],"Count":1}""")]
    [InlineData("""{"Items":[{"url":{"S":"a"},"url":{"N":"1"}}],"Count":1}""")]
    public void A_member_or_an_attribute_that_comes_twice_makes_it_no_page(string json) => Assert.Null(PageBody.Read(Encoding.UTF8.GetBytes(json), Request, null));

    [Fact]
    public void A_page_that_was_cut_or_garbled_on_its_way_is_none_or_another_but_never_throws()
    {
        var random = new Random(1);
        byte[] body = PageOf(new Random(3));
        for (int length = 0; length < body.Length; length++)
        {
            Assert.Null(PageBody.Read(body.AsSpan(0, length), Request, null));

            byte[] garbled = [.. body];
            garbled[random.Next(garbled.Length)] = (byte)random.Next(256);
            _ = PageText.Of(PageBody.Read(garbled, Request, null));
        }
    }

    private static byte[] PageOf(Random random)
    {
        int records = random.Next(5);
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = random.Next(2) == 0 }))
        {
            json.WriteStartObject();
            json.WriteNumber("Count", records);
            json.WriteStartArray("Items");
            for (int record = 0; record < records; record++)
            {
                WriteRecord(json, random, record);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static void WriteRecord(Utf8JsonWriter json, Random random, int number)
    {
        List<string> names = [.. Names.Where(_ => random.Next(5) > 0), N.Pk, N.Sk];
        random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(names));
        json.WriteStartObject();
        foreach (string name in names)
        {
            json.WriteStartObject(name);
            switch (name)
            {
                case N.Pk:
                    json.WriteString("S", Some.Partition.Key);
                    break;
                case N.Sk:
                    json.WriteString("S", random.Next(6) == 0 ? "NOTE" : number == 0 && random.Next(2) == 0 ? RecordKeys.Header : RecordKeys.Item(Some.Id(number)));
                    break;
                case N.CreatedAt or N.UpdatedAt or N.PublishedAt when random.Next(8) > 0:
                    json.WriteString("S", Instants.Write(FixedClock.Start.AddTicks(random.NextInt64(1L << 50))));
                    break;
                case N.Version when random.Next(8) > 0:
                    json.WriteString("N", random.Next(8) == 0 ? "2" : "1");
                    break;
                case N.Revision or N.Ordinal or N.ExpiresAt or N.NextOrdinal when random.Next(8) > 0:
                    json.WriteString("N", random.NextInt64(4_000_000_000).ToString(CultureInfo.InvariantCulture));
                    break;
                case N.Tags when random.Next(4) > 0:
                    WriteValue(json, random, "L", 1);
                    break;
                case N.Metadata when random.Next(4) > 0:
                    WriteValue(json, random, "M", 1);
                    break;
                default:
                    WriteValue(json, random, random.Next(4) > 0 ? "S" : Pick(random, "S", "N", "B", "BOOL", "NULL", "M", "L", "SS", "NS", "BS"), 0);
                    break;
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, Random random, string type, int depth)
    {
        string Inner() => depth > 2 ? "S" : Pick(random, "S", "S", "S", "N", "B", "BOOL", "NULL", "M", "L", "SS");
        int count = random.Next(4);
        switch (type)
        {
            case "S":
                json.WriteString(type, Pick(random, "", "text", "\u00e9\u4e16\ud83d\ude00", "\"quoted\\\n", "https://example.com/?a=b&c=d", new string('x', 300)));
                break;
            case "N":
                json.WriteString(type, Pick(random, "0", "-5", "1e400", "NaN", "12345678901234567890"));
                break;
            case "B":
                json.WriteBase64String(type, new byte[random.Next(5)]);
                break;
            case "BOOL" or "NULL":
                json.WriteBoolean(type, random.Next(2) == 0);
                break;
            case "M":
                json.WriteStartObject(type);
                for (int member = 0; member < count; member++)
                {
                    json.WriteStartObject($"member{member}");
                    WriteValue(json, random, Inner(), depth + 1);
                    json.WriteEndObject();
                }

                json.WriteEndObject();
                break;
            case "L":
                json.WriteStartArray(type);
                for (int element = 0; element < count; element++)
                {
                    json.WriteStartObject();
                    WriteValue(json, random, Inner(), depth + 1);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                break;
            default:
                json.WriteStartArray(type);
                for (int element = 0; element < count; element++)
                {
                    json.WriteStringValue(type == "BS" ? Convert.ToBase64String(new byte[element]) : element.ToString(CultureInfo.InvariantCulture));
                }

                json.WriteEndArray();
                break;
        }
    }

    private static string Pick(Random random, params string[] from) => from[random.Next(from.Length)];

    private static async Task<PageReply> ThroughSdkAsync(byte[] body)
    {
        var answers = new OneAnswer(body);
        using var client = new AmazonDynamoDBClient(
            new BasicAWSCredentials("local", "local"), new AmazonDynamoDBConfig { ServiceURL = "http://localhost:1", AuthenticationRegion = "us-east-1", HttpClientFactory = answers });
        return await new DynamoDbTable(client).QueryAsync(Request, new Attempt(CancellationToken.None));
    }

    // The SDK's own HTTP client, as a host's would be.
    private sealed class OneAnswer(byte[] body) : Amazon.Runtime.HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new Handler(body));

        private sealed class Handler(byte[] body) : HttpMessageHandler
        {
            protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
                Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(body), Headers = { { "x-amzn-RequestId", "call" } } });
        }
    }
}
