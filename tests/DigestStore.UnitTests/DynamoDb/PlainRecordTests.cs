using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using DigestStore.DynamoDb;
using DigestStore.Records;
using DigestStore.Table;
using FsCheck;
using FsCheck.Fluent;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.UnitTests.DynamoDb;

// Records that are read from their bytes are as those that are made of attribute values, and whatever is unusual is left to the general reader.
public sealed class PlainRecordTests
{
    private const int Pages = 1_500;

    private static readonly PageRequest Request = PageRequest.OfDay(Some.Partition, after: null, consistent: true);

    private static readonly string[] OddTexts =
    [
        "", "text", "\u00e9\u4e16\ud83d\ude00", "\"quoted\\ and\n\u0001\u007f", "}\",\"{", "2026-11-21T06:05:09.1234567Z", "2026-11-21T06:05:09.1234567+01:00", "2026-11-21T24:00:00.0000000Z",
        "2026-02-30T06:05:09.1234567Z", "0001-01-01T00:00:00.0000000Z", "9999-12-31T23:59:59.9999999Z", "2026-11-21", "2026-11-21T06:05:60.0000000Z", "+026-11-21T06:05:09.1234567Z", "\u06f2",
    ];

    private static readonly string[] OddNumbers = ["0", "-5", "007", "+3", "1e3", "1.5", "NaN", " 1", "1 ", "2147483648", "-2147483649", "9223372036854775808", "253402300800", "1\u0000", ""];

    private static readonly string[] Names =
    [
        N.Url, N.CanonicalUrl, N.Title, N.Summary, N.Source, N.Category, N.Author, N.PublishedAt, N.CreatedAt, N.UpdatedAt, N.ContentHash, N.Revision,
        N.Ordinal, N.ExpiresAt, N.Version, N.Tags, N.Metadata, N.Id, N.Date, "another", "gr\u00f6\u00dfer", "a much longer name than any", "\"\\\u0001",
    ];

    [Fact]
    public void Every_item_that_the_library_writes_is_plain_and_reads_as_its_attribute_values_do() => Prop.ForAll(Generate.Item.ToArbitrary(), static item =>
    {
        ItemWrite write = Some.Write(Some.Clean(item), FixedClock.Start, revision: 3, ordinal: 7);
        Dictionary<string, AttributeValue> attributes = ItemMapper.ToAttributes(write, Some.Partition);
        var expected = new PageBuilder(Request);
        expected.Add(attributes);
        var actual = new PageBuilder(Request);
        byte[] json = [.. Json(attributes, JavaScriptEncoder.UnsafeRelaxedJsonEscaping, indented: false), .. ",{"u8];

        Assert.True(PlainRecord.TryRead(json, actual, out ItemRecord? record, out int length));
        actual.Add(record);

        Assert.Equal(json.Length - 2, length);
        Assert.Equal(Text(expected, 1), Text(actual, 1));
    }).Check(Generate.Often);

    [Fact]
    public void Pages_of_usual_and_odd_records_are_read_as_through_attribute_values()
    {
        int plain = 0;
        for (int seed = 0; seed < Pages; seed++)
        {
            var random = new Random(seed);
            JavaScriptEncoder encoder = random.Next(3) == 0 ? JavaScriptEncoder.Default : JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
            bool indented = random.Next(8) == 0;
            Dictionary<string, AttributeValue>[] records = [.. Enumerable.Range(0, 1 + random.Next(5)).Select(number => RecordOf(random, number))];
            var expected = new PageBuilder(Request);
            foreach (Dictionary<string, AttributeValue> record in records)
            {
                expected.Add(record);
                plain += PlainRecord.TryRead(Json(record, encoder, indented), new PageBuilder(Request), out _, out _) ? 1 : 0;
            }

            string body = $"{{\"Count\":{records.Length},\"Items\":[{string.Join(indented ? " , " : ",", records.Select(record => Encoding.UTF8.GetString(Json(record, encoder, indented))))}],\"ScannedCount\":9}}";

            Assert.True(Text(expected, records.Length) == PageText.Of(PageBody.Read(Encoding.UTF8.GetBytes(body), Request, null)), $"Page {seed}: {body}");
        }

        Assert.InRange(plain, Pages, Pages * 4);
    }

    // A byte of a page was changed on its way.
    [Fact]
    public void A_garbled_page_is_one_only_if_the_general_check_of_bodies_finds_it_valid()
    {
        var random = new Random(1);
        byte[] body = [.. "{\"Items\":["u8, .. Usual(0), (byte)',', .. Usual(1), (byte)',', .. Usual(2), .. "],\"Count\":3}"u8];
        for (int time = 0; time < 4_000; time++)
        {
            byte[] garbled = [.. body];
            garbled[random.Next(garbled.Length)] = (byte)random.Next(256);

            PageReply? page = PageBody.Read(garbled, Request, null);

            Assert.True(AnswerShape.IsValid(garbled, "Query") ? page is not null || HasNameTwice(garbled) : page is null, Encoding.UTF8.GetString(garbled));
        }

        static byte[] Usual(int number) => Json(ItemMapper.ToAttributes(Some.Write(Some.Clean(ItemOf(new Random(number), number))), Some.Partition), JavaScriptEncoder.UnsafeRelaxedJsonEscaping, indented: false);
    }

    [Theory]
    [InlineData("""{"date":{"S":"a"},"date":{"S":"b"},"sk":{"S":"HEADER"},"pk":{"S":"DIGEST#daily#2026-11-21"}}""")]
    [InlineData("""{"sk":{"S":"ITEM#00000000000000000000000000000001"},"sk":{"S":"ITEM#00000000000000000000000000000001"},"pk":{"S":"DIGEST#daily#2026-11-21"}}""")]
    [InlineData("""{"sk":{"S":"ITEM#00000000000000000000000000000001"},"pk":{"S":"DIGEST#daily#2026-11-21"},"pk":{"S":"DIGEST#daily#2026-11-21"}}""")]
    [InlineData("""{"sk":{"S":"ITEM#00000000000000000000000000000001"},"pk":{"S":"DIGEST#daily#2026-11-21"},"pk":{"S":"DIGEST\u0023other#2026-11-21"}}""")]
    [InlineData("""{"sk":{"S":"\u0048EADER"},"sk":{"S":"ITEM#00000000000000000000000000000001"},"pk":{"S":"DIGEST#daily#2026-11-21"}}""")]
    [InlineData("""{"tags":{"L":[{"S":"a"}]},"tags":{"L":[{"S":"a"}]},"sk":{"S":"ITEM#00000000000000000000000000000001"},"pk":{"S":"DIGEST#daily#2026-11-21"}}""")]
    [InlineData("""{"url":{"S":"a"},"url":{"S":"a"},"sk":{"S":"ITEM#00000000000000000000000000000001"},"pk":{"S":"DIGEST#daily#2026-11-21"}}""")]
    [InlineData("""{"v":{"N":"1"},"v":{"N":"1"},"sk":{"S":"ITEM#00000000000000000000000000000001"},"pk":{"S":"DIGEST#daily#2026-11-21"}}""")]
    [InlineData("""{"title":{"S":"\ud800"},"sk":{"S":"ITEM#00000000000000000000000000000001"},"pk":{"S":"DIGEST#daily#2026-11-21"}}""")]
    [InlineData("""{"title":{"S":"\x"},"sk":{"S":"ITEM#00000000000000000000000000000001"},"pk":{"S":"DIGEST#daily#2026-11-21"}}""")]
    [InlineData("""{"title":{"S":"a"},"sk":{"S":"ITEM#00000000000000000000000000000001"},"pk":{"S":"DIGEST#daily#2026-11-21"},}""")]
    [InlineData("""{"title":{"S":"a"} "sk":{"S":"ITEM#00000000000000000000000000000001"},"pk":{"S":"DIGEST#daily#2026-11-21"}}""")]
    [InlineData("""{"title":{"S":"a},"sk":{"S":"ITEM#00000000000000000000000000000001"},"pk":{"S":"DIGEST#daily#2026-11-21"}}""")]
    public void A_record_that_is_wrong_makes_it_no_page_after_other_records_too(string record)
    {
        const string Plain = """{"sk":{"S":"ITEM#00000000000000000000000000000000"},"pk":{"S":"DIGEST#daily#2026-11-21"}}""";
        Assert.True(PlainRecord.TryRead(Encoding.UTF8.GetBytes(Plain), new PageBuilder(Request), out _, out _));

        Assert.Null(PageBody.Read(Encoding.UTF8.GetBytes($"{{\"Count\":3,\"Items\":[{Plain},{Plain},{record}]}}"), Request, null));
    }

    private static bool HasNameTwice(byte[] body)
    {
        using var page = JsonDocument.Parse(body);
        return page.RootElement.TryGetProperty("Items", out JsonElement records) && records.EnumerateArray().Any(static record => record.EnumerateObject().CountBy(static attribute => attribute.Name).Any(static name => name.Value > 1));
    }

    private static string Text(PageBuilder page, int records) => PageText.Of(page.ToReply(records, records, isLast: true, next: null, units: 0, requestId: null));

    private static byte[] Json(Dictionary<string, AttributeValue> record, JavaScriptEncoder encoder, bool indented)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = encoder, Indented = indented, SkipValidation = true }))
        {
            AttributeJson.WriteMap(json, record);
        }

        return stream.ToArray();
    }

    private static DigestItem ItemOf(Random random, int number) => Some.Item(number) with
    {
        Title = "T" + Pick(random, OddTexts),
        Summary = Pick(random, OddTexts),
        Author = Pick(random, OddTexts),
        PublishedAt = random.Next(3) == 0 ? null : FixedClock.Start.AddTicks(random.NextInt64(1L << 50)),
        Tags = [.. Enumerable.Range(0, random.Next(4)).Select(_ => Pick(random, OddTexts))],
        Metadata = Enumerable.Range(0, random.Next(3)).ToDictionary(index => Pick(random, OddTexts) + index, _ => Pick(random, OddTexts), StringComparer.Ordinal),
    };

    // A record as the library writes it, of which nothing, or something, is changed. Its attributes come in any order.
    private static Dictionary<string, AttributeValue> RecordOf(Random random, int number)
    {
        Dictionary<string, AttributeValue> record = ItemMapper.ToAttributes(
            Some.Write(Some.Clean(ItemOf(random, number)), random.Next(2) == 0 ? null : FixedClock.Start, random.Next(1, 9), random.Next(9)), Some.Partition);
        for (int change = random.Next(2) * random.Next(5); change > 0; change--)
        {
            string name = Pick(random, Names);
            switch (random.Next(6))
            {
                case 0:
                    record.Remove(name);
                    break;
                case 1:
                    record[name] = Value(random, 0);
                    break;
                case 2:
                    record[N.Sk] = ItemMapper.Text(Pick(random, "NOTE", "HEADER", "ITEM#", "item#00000000000000000000000000000001", "ITEM#0000000000000000000000000000000A", "ITEM#0000000000000000000000000000000g"));
                    break;
                case 3 when ItemFields.Of(name) is ItemField.Revision or ItemField.Ordinal or ItemField.ExpiresAt or ItemField.Version:
                    record[name] = new AttributeValue { N = Pick(random, OddNumbers) };
                    break;
                default:
                    record[name] = ItemMapper.Text(Pick(random, OddTexts));
                    break;
            }
        }

        KeyValuePair<string, AttributeValue>[] attributes = [.. record];
        random.Shuffle(attributes);
        return new Dictionary<string, AttributeValue>(attributes, StringComparer.Ordinal);
    }

    private static AttributeValue Value(Random random, int depth) => random.Next(depth > 2 ? 7 : 9) switch
    {
        0 => new AttributeValue { N = Pick(random, OddNumbers) },
        1 => new AttributeValue { B = new MemoryStream(new byte[random.Next(5)]) },
        2 => new AttributeValue { BOOL = random.Next(2) == 0 },
        3 => new AttributeValue { NULL = true },
        4 => new AttributeValue { SS = [Pick(random, OddTexts), "b"] },
        5 => new AttributeValue { NS = ["1", "2"] },
        6 => ItemMapper.Text(Pick(random, OddTexts)),
        7 => new AttributeValue { L = [.. Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth + 1))] },
        _ => new AttributeValue { M = Enumerable.Range(0, random.Next(4)).ToDictionary(index => Pick(random, OddTexts) + index, _ => Value(random, depth + 1), StringComparer.Ordinal) },
    };

    private static string Pick(Random random, params string[] from) => from[random.Next(from.Length)];
}
