using System.Text.RegularExpressions;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using DigestStore.DynamoDb;
using DigestStore.Records;

namespace DigestStore.UnitTests.DynamoDb;

public sealed class UpdateExpressionTests
{
    private static readonly RecordUpdate Update = new("digests", new RecordKey("p", "s"))
    {
        Changes =
        [
            new AttributeChange.Set("status", "sending"),
            new AttributeChange.Copy("previousStatus", "status", "pending"),
            AttributeChange.SetIfAbsent("messageId", "m"),
            new AttributeChange.Add("fence", 1, Start: 7),
            new AttributeChange.Add("attempts", 1),
            new AttributeChange.Remove("leaseUntil"),
        ],
        Condition = new RecordCondition.And(
            new RecordCondition.Or(new RecordCondition.Absent("v"), new RecordCondition.AtMost("v", 1)),
            new RecordCondition.NotEqual("leaseToken", "t"),
            new RecordCondition.Equal("status", "pending"),
            new RecordCondition.Less("attempts", 3),
            new RecordCondition.Greater("expiresAt", 9)),
    };

    [Fact]
    public void Every_change_has_its_clause_and_equal_values_one_alias()
    {
        UpdateItemRequest request = UpdateExpression.ToRequest(Update);

        Assert.Equal("digests", request.TableName);
        Assert.Equal(("p", "s"), (request.Key["pk"].S, request.Key["sk"].S));
        Assert.Equal(
            "SET #status = :0, #previousStatus = if_not_exists(#status, :1), #messageId = if_not_exists(#messageId, :2), #fence = if_not_exists(#fence, :3) + :4 REMOVE #leaseUntil ADD #attempts :4",
            request.UpdateExpression);
        Assert.Equal("((attribute_not_exists(#v) OR #v <= :4) AND #leaseToken <> :5 AND #status = :1 AND #attempts < :6 AND #expiresAt > :7)", request.ConditionExpression);
        Assert.Equal(("pending", "1", "9"), (request.ExpressionAttributeValues[":1"].S, request.ExpressionAttributeValues[":4"].N, request.ExpressionAttributeValues[":7"].N));
        Assert.Equal(ReturnValuesOnConditionCheckFailure.ALL_OLD, request.ReturnValuesOnConditionCheckFailure);
    }

    // DynamoDB refuses a request that names what it does not use, or uses what it does not name.
    [Fact]
    public void Exactly_the_names_and_values_that_are_used_are_given()
    {
        UpdateItemRequest request = UpdateExpression.ToRequest(Update);
        string text = request.UpdateExpression + " " + request.ConditionExpression;

        Assert.Equal(Used(text, "#"), request.ExpressionAttributeNames.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(Used(text, ":"), request.ExpressionAttributeValues.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_update_without_condition_and_values_has_none()
    {
        UpdateItemRequest request = UpdateExpression.ToRequest(new RecordUpdate("digests", new RecordKey("p", "s")) { Changes = [new AttributeChange.Remove("a")] });

        Assert.Equal("REMOVE #a", request.UpdateExpression);
        Assert.Null(request.ConditionExpression);
        Assert.Null(request.ExpressionAttributeValues);
        Assert.Null(request.ReturnValuesOnConditionCheckFailure);
    }

    [Fact]
    public void A_condition_of_one_part_is_that_part()
    {
        UpdateItemRequest request = UpdateExpression.ToRequest(Update with { Condition = new RecordCondition.And(new RecordCondition.Or(new RecordCondition.Absent("v"))) });

        Assert.Equal("attribute_not_exists(#v)", request.ConditionExpression);
    }

    private static IEnumerable<string> Used(string text, string prefix) =>
        Regex.Matches(text, prefix + "[A-Za-z0-9]+").Select(static match => match.Value).Distinct().Order(StringComparer.Ordinal);
}
