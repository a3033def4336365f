using static DigestStore.UnitTests.CloudWatch.Emitter;

namespace DigestStore.UnitTests.CloudWatch;

public sealed class ZeroTests : IDisposable
{
    private readonly Emitter _emitter = new();

    public void Dispose() => _emitter.Dispose();

    [Theory]
    [InlineData("inserted")]
    [InlineData("updated")]
    [InlineData("unchanged")]
    [InlineData("duplicate")]
    [InlineData("rejected")]
    [InlineData("failed")]
    [InlineData("skipped")]
    public void A_table_that_was_stored_to_has_every_outcome(string outcome)
    {
        _emitter.Items.Add(5, Tags(("outcome", "inserted"), ("table", "t")));

        List<EmfDocument> lines = _emitter.Flush();

        Assert.Equal([outcome == "inserted" ? 5 : 0], Values(lines, "digeststore.store.items", $"outcome={outcome},table=t"));
        Assert.Equal(5, Values(lines, "digeststore.store.items", "table=t").Sum());
    }

    [Fact]
    public void The_outcomes_are_those_of_the_library() =>
        Assert.Equal(
            Enum.GetNames<DigestItemOutcome>().Select(static name => name.ToLowerInvariant()).Order(StringComparer.Ordinal),
            DigestStore.CloudWatch.StoreTags.StoreOutcomes.Order(StringComparer.Ordinal));

    [Fact]
    public void The_outcomes_of_a_delivery_are_those_of_the_library() =>
        Assert.Equal(
            Enum.GetNames<DeliveryOutcome>().Select(System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName).Order(StringComparer.Ordinal),
            DigestStore.CloudWatch.StoreTags.DeliveryOutcomes.Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("delivered")]
    [InlineData("delivered_unrecorded")]
    [InlineData("already_delivered")]
    [InlineData("held_by_another")]
    [InlineData("gave_up")]
    [InlineData("deleted")]
    [InlineData("failed")]
    [InlineData("abandoned")]
    [InlineData("uncertain")]
    [InlineData("skipped")]
    public void A_table_that_was_delivered_from_has_every_outcome_of_a_delivery(string outcome)
    {
        _emitter.Attempts.Add(1, Tags(("outcome", "delivered"), ("table", "t")));

        List<EmfDocument> lines = _emitter.Flush();

        Assert.Equal([outcome == "delivered" ? 1 : 0], Values(lines, "digeststore.delivery.attempts", $"outcome={outcome},table=t"));
        Assert.Equal(1, Values(lines, "digeststore.delivery.attempts", "table=t").Sum());
        Assert.DoesNotContain(lines, static line => line.Metrics.Contains("digeststore.store.items"));
    }

    [Fact]
    public void A_table_that_is_never_delivered_from_is_not_said_to_have_delivered_nothing()
    {
        _emitter.Items.Add(5, Tags(("outcome", "inserted"), ("table", "t")));

        Assert.DoesNotContain(_emitter.Flush(), static line => line.Metrics.Contains("digeststore.delivery.attempts"));
    }

    [Fact]
    public void A_table_that_was_stored_to_has_the_totals_of_what_did_not_happen()
    {
        _emitter.Items.Add(5, Tags(("outcome", "inserted"), ("table", "t")));

        List<EmfDocument> lines = _emitter.Flush();

        string[] quiet = ["digeststore.requests", "digeststore.requests.late", "digeststore.retries", "digeststore.quality.defects"];
        Assert.All(quiet, metric => Assert.Equal([0], Values(lines, metric, "table=t")));
        Assert.Equal([0, 0], Values(lines, "digeststore.dead_letters", "table=t"));
        Assert.Equal([0], Values(lines, "digeststore.dead_letters", "outcome=lost,table=t"));
    }

    [Fact]
    public void What_did_happen_gets_no_zero_in_its_total()
    {
        _emitter.Requests.Add(3, Tags(("operation", "Query"), ("status", "ok"), ("table", "t")));

        Assert.Equal([3], Values(_emitter.Flush(), "digeststore.requests", "table=t"));
    }

    [Fact]
    public void A_table_that_was_only_read_is_not_said_to_have_stored_nothing()
    {
        _emitter.Reads.Record(0.1, Tags(("operation", "Get"), ("outcome", "found"), ("table", "t")));

        List<EmfDocument> lines = _emitter.Flush();

        Assert.Equal([0], Values(lines, "digeststore.retries", "table=t"));
        Assert.DoesNotContain(lines, static line => line.Metrics.Contains("digeststore.store.items"));
    }

    [Fact]
    public void Each_table_has_its_own()
    {
        _emitter.Items.Add(1, Tags(("outcome", "failed"), ("table", "one")));
        _emitter.Items.Add(2, Tags(("outcome", "inserted"), ("table", "two")));

        List<EmfDocument> lines = _emitter.Flush();

        Assert.Equal([0], Values(lines, "digeststore.store.items", "outcome=inserted,table=one"));
        Assert.Equal([0], Values(lines, "digeststore.store.items", "outcome=failed,table=two"));
        Assert.Equal([1], Values(lines, "digeststore.store.items", "outcome=failed,table=one"));
    }
}
