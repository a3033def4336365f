using System.Text.RegularExpressions;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using DigestStore.DynamoDb;
using DigestStore.Records;
using DigestStore.Table;

namespace DigestStore.UnitTests.DynamoDb;

public sealed class HeaderMapperTests
{
    [Fact]
    public void An_update_adds_to_the_header_and_never_touches_the_delivery_s_status()
    {
        UpdateItemRequest request = HeaderUpdates.ToRequest(Update());

        Assert.Equal("digests", request.TableName);
        Assert.Equal(("DIGEST#daily#2026-11-21", "HEADER"), (request.Key["pk"].S, request.Key["sk"].S));
        Assert.Equal(
            "SET #date = :date, #v = :v, #lastStoreStatus = :storeStatus, #storedAt = :storedAt, #lastRunId = :run, #correlationId = :correlation, #idRules = :idRules, " +
            "#gsi1sk = :date, #status = if_not_exists(#status, :pending), #gsi1pk = if_not_exists(#gsi1pk, :pendingIndex) REMOVE #expiresAt ADD #runs :one, #nextOrdinal :used",
            request.UpdateExpression);
        Assert.Equal("(attribute_not_exists(#lastRunId) OR #lastRunId <> :run) AND (attribute_not_exists(#v) OR #v <= :v)", request.ConditionExpression);
        Assert.Equal(ReturnValuesOnConditionCheckFailure.ALL_OLD, request.ReturnValuesOnConditionCheckFailure);
        Assert.Equal("7", request.ExpressionAttributeValues[":used"].N);
        Assert.Equal("1", request.ExpressionAttributeValues[":v"].N);
        Assert.Equal("STATUS#daily#pending", request.ExpressionAttributeValues[":pendingIndex"].S);
        Assert.Equal("2026-11-21T06:00:00.0000000Z", request.ExpressionAttributeValues[":storedAt"].S);
    }

    [Fact]
    public void An_expired_header_begins_anew()
    {
        UpdateItemRequest request = HeaderUpdates.ToRequest(Update() with { StartAnew = true, ExpiresAt = FixedClock.Start.AddDays(1) });

        Assert.Contains("#status = :pending, #gsi1pk = :pendingIndex, #runs = :one, #nextOrdinal = :used, #expiresAt = :expiresAt", request.UpdateExpression, StringComparison.Ordinal);
        Assert.EndsWith(" REMOVE #deliveredAt", request.UpdateExpression, StringComparison.Ordinal);
        Assert.DoesNotContain("ADD", request.UpdateExpression, StringComparison.Ordinal);
        Assert.Equal(FixedClock.Start.AddDays(1).ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture), request.ExpressionAttributeValues[":expiresAt"].N);
    }

    // DynamoDB refuses a request that names what it does not use, or uses what it does not name.
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Exactly_the_names_and_values_that_are_used_are_given(bool anew, bool expires)
    {
        UpdateItemRequest request = HeaderUpdates.ToRequest(Update() with { StartAnew = anew, ExpiresAt = expires ? FixedClock.Start : null });
        string text = request.UpdateExpression + " " + request.ConditionExpression;

        Assert.Equal(Used(text, "#"), request.ExpressionAttributeNames.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(Used(text, ":"), request.ExpressionAttributeValues.Keys.Order(StringComparer.Ordinal));
        Assert.All(request.ExpressionAttributeValues.Values, static value => Assert.True(!string.IsNullOrEmpty(value.S) || !string.IsNullOrEmpty(value.N)));
    }

    [Fact]
    public void A_header_is_read_tolerantly()
    {
        HeaderRecord empty = HeaderReader.Read([]);
        HeaderRecord odd = HeaderReader.Read(new() { ["nextOrdinal"] = new() { N = "-3" }, ["idRules"] = new() { N = "1" }, ["expiresAt"] = new() { N = "x" }, ["v"] = new() { N = "2" } });

        Assert.Equal((null, 0, null, false), (empty.IdRules, empty.NextOrdinal, empty.ExpiresAt, empty.IsNewer));
        Assert.Equal((null, 0, null, true), (odd.IdRules, odd.NextOrdinal, odd.ExpiresAt, odd.IsNewer));
    }

    private static IEnumerable<string> Used(string text, string prefix) =>
        Regex.Matches(text, prefix + "[A-Za-z0-9]+").Select(static match => match.Value).Distinct().Order(StringComparer.Ordinal);

    private static HeaderUpdate Update() => new(Some.Partition)
    {
        RunId = "run",
        CorrelationId = "correlation",
        StoreStatus = "stored",
        IdRules = "rules",
        StoredAt = FixedClock.Start,
        OrdinalsUsed = 7,
        ExpiresAt = null,
        StartAnew = false,
    };
}
