using DigestStore.Faults;

namespace DigestStore.UnitTests.Faults;

public sealed class RemediesTests
{
    [Fact]
    public void Every_reason_has_a_sentence_of_its_own()
    {
        string[] remedies = [.. Enum.GetValues<DigestStoreErrorReason>().Select(Remedies.Of)];

        Assert.All(remedies, static remedy => Assert.EndsWith(".", remedy, StringComparison.Ordinal));
        Assert.Distinct(remedies);
    }
}
