using Amazon.DynamoDBv2.Model;
using DigestStore.Records;

namespace DigestStore.UnitTests.Records;

// The law in examples; RecordUpdateTests of the contract tests hold it against two engines.
public sealed class UpdateEvaluatorTests
{
    private static readonly RecordKey Key = new("p", "s");
    private static readonly Dictionary<string, AttributeValue> Before = new() { ["text"] = ItemMapper.Text("2"), ["number"] = ItemMapper.Number(2), ["list"] = new AttributeValue { L = [] } };

    [Theory]
    [InlineData("none")]
    [InlineData("text")]
    [InlineData("list")]
    public void Of_an_attribute_that_is_absent_or_of_another_type_only_not_equal_is_true(string name)
    {
        Assert.False(IsTrue(new RecordCondition.Equal(name, 2)));
        Assert.False(IsTrue(new RecordCondition.Less(name, 9)));
        Assert.False(IsTrue(new RecordCondition.AtMost(name, 9)));
        Assert.False(IsTrue(new RecordCondition.Greater(name, 0)));
        Assert.True(IsTrue(new RecordCondition.NotEqual(name, 2)));
    }

    [Fact]
    public void Changes_see_the_record_as_it_was()
    {
        (UpdateVerdict verdict, Dictionary<string, AttributeValue>? after) = Apply(
            new AttributeChange.Set("text", "new"),
            new AttributeChange.Copy("previous", "text", "none"),
            new AttributeChange.Copy("other", "absent", "none"),
            AttributeChange.SetIfAbsent("list", 1),
            new AttributeChange.Add("number", 3),
            new AttributeChange.Add("fence", 1, Start: 10));

        Assert.Equal(UpdateVerdict.Applied, verdict);
        Assert.Equal(("new", "2", "none", "5", "11"), (after!["text"].S, after["previous"].S, after["other"].S, after["number"].N, after["fence"].N));
        Assert.True(after["list"].IsLSet);
        Assert.Equal(("p", "s"), (after["pk"].S, after["sk"].S));
        Assert.Equal("2", Before["text"].S);
    }

    [Fact]
    public void A_text_cannot_be_added_to() => Assert.Equal((UpdateVerdict.Invalid, null), Apply(new AttributeChange.Add("text", 1)));

    [Fact]
    public void What_is_refused_makes_no_record()
    {
        var update = new RecordUpdate("digests", Key) { Changes = [new AttributeChange.Set("a", 1)], Condition = new RecordCondition.Equal("number", 2) };

        Assert.Equal((UpdateVerdict.Refused, null), UpdateEvaluator.Apply(update, before: null));
    }

    [Fact]
    public void No_value_is_empty() => Assert.Throws<ArgumentException>(static () => new AttributeChange.Set("a", ""));

    private static bool IsTrue(RecordCondition condition) =>
        UpdateEvaluator.Apply(new RecordUpdate("digests", Key) { Changes = [new AttributeChange.Set("a", 1)], Condition = condition }, Before).Verdict == UpdateVerdict.Applied;

    private static (UpdateVerdict Verdict, Dictionary<string, AttributeValue>? After) Apply(params AttributeChange[] changes) =>
        UpdateEvaluator.Apply(new RecordUpdate("digests", Key) { Changes = changes }, Before);
}
