using Amazon.DynamoDBv2.Model;
using Amazon.DynamoDBv2.Model.Internal.MarshallTransformations;
using Amazon.Runtime.Internal;
using DigestStore.DynamoDb;
using DigestStore.Records;
using DigestStore.Table;
using FsCheck;
using FsCheck.Fluent;

namespace DigestStore.UnitTests.Records;

// Against the SDK's own marshaller: what it writes is what counts against 16 MB.
public sealed class WireSizeTests
{
    private const int AllowanceForTheRequestItself = 200;

    [Fact]
    public void It_is_never_below_what_the_sdk_sends() => Prop.ForAll(
        Generate.Item.ToArbitrary(),
        static item =>
        {
            CleanItem clean = Some.Clean(item);
            return IsEnough(clean, Some.Write(clean, DateTimeOffset.MaxValue, int.MaxValue, int.MaxValue));
        }).Check(Generate.Often);

    [Theory]
    [InlineData('a')]
    [InlineData('"')]
    [InlineData('<')]
    [InlineData('\u0001')]
    [InlineData('\u007f')]
    [InlineData('\u00e9')]
    [InlineData('\u4f60')]
    public void It_is_enough_for_long_texts_of_one_character(char character)
    {
        foreach (int length in (int[])[100, 20_000, 60_000, 130_000])
        {
            CleanItem clean = Some.Clean(Some.Item() with { Summary = new string(character, length) });

            Assert.True(IsEnough(clean, Some.Write(clean)), $"{length} times U+{(int)character:X4}");
        }
    }

    [Theory]
    [InlineData(100)]
    [InlineData(5_000)]
    [InlineData(30_000)]
    public void It_is_enough_for_many_short_tags(int count)
    {
        CleanItem clean = Some.Clean(Some.Item() with { Tags = [.. Enumerable.Repeat("<", count)] });

        Assert.True(IsEnough(clean, Some.Write(clean)));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(5_000)]
    [InlineData(30_000)]
    public void It_is_enough_for_many_short_facts(int count)
    {
        const string escaped = "<>&'+\"`\u0001\u0002\u0003\u0004\u0005\u0006\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f\u007f";
        Dictionary<string, string> metadata = Enumerable.Range(0, count).ToDictionary(
            number => string.Concat(escaped[number % 32], escaped[number / 32 % 32], escaped[number / 1024]), static _ => "<");
        CleanItem clean = Some.Clean(Some.Item() with { Metadata = metadata });

        Assert.True(IsEnough(clean, Some.Write(clean)));
    }

    [Fact]
    public void It_is_enough_for_attributes_of_others()
    {
        var flags = new AttributeValue { L = [.. Enumerable.Range(0, 10_000).Select(static _ => new AttributeValue { BOOL = false })] };
        var facts = new AttributeValue
        {
            M = Enumerable.Range(0, 5_000).ToDictionary(static number => "\u0001\u0002" + number, static number => new AttributeValue { NULL = true }),
        };
        var blob = new AttributeValue { B = new MemoryStream(Enumerable.Repeat((byte)0xFB, 9_000).ToArray()) };
        CleanItem clean = Some.Clean(Some.Item());
        foreach (AttributeValue value in (AttributeValue[])[flags, facts, blob, new() { SS = ["<", ">"] }, new() { N = "1" }, new() { S = "" }])
        {
            Assert.True(IsEnough(clean, Some.Write(clean, unknown: new UnknownAttributes(new() { ["x"] = value }))));
        }
    }

    internal static long JsonBytes(params ItemWrite[] writes)
    {
        BatchWriteItemRequest request = Queries.Write(new WriteBatch(Some.Partition, writes, []));
        IRequest marshalled = BatchWriteItemRequestMarshaller.Instance.Marshall(request);
        return marshalled.Content?.Length ?? marshalled.ContentStream.Length;
    }

    private static bool IsEnough(CleanItem clean, ItemWrite write) =>
        WireSize.Of(clean, ItemSize.Of(clean, "daily"), write.Unknown) + AllowanceForTheRequestItself >= JsonBytes(write);
}
