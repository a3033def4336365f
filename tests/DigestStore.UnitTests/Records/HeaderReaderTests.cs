using DigestStore.Records;

namespace DigestStore.UnitTests.Records;

public sealed class HeaderReaderTests
{
    [Fact]
    public void A_header_is_read_tolerantly()
    {
        HeaderRecord empty = HeaderReader.Read([]);
        HeaderRecord odd = HeaderReader.Read(new() { ["nextOrdinal"] = new() { N = "-3" }, ["idRules"] = new() { N = "1" }, ["expiresAt"] = new() { N = "x" }, ["v"] = new() { N = "2" } });

        Assert.Equal((null, 0, null, false), (empty.IdRules, empty.NextOrdinal, empty.ExpiresAt, empty.IsNewer));
        Assert.Equal((null, 0, null, true), (odd.IdRules, odd.NextOrdinal, odd.ExpiresAt, odd.IsNewer));
    }

    [Theory]
    [InlineData(null, null, 1, false)]
    [InlineData("run", null, 1, true)]
    [InlineData(null, "1", 1, true)]
    [InlineData(null, null, 2, true)]
    public void A_header_is_a_store_s_by_its_run_or_its_rules(string? run, string? rules, int version, bool isOfStore) =>
        Assert.Equal(isOfStore, new HeaderRecord { LastRunId = run, IdRules = rules, IsNewer = version > 1 }.IsWrittenByStore);
}
