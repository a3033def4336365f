using DigestStore.Identity;
using static DigestStore.UnitTests.Identity.RuleSets;

namespace DigestStore.UnitTests.Identity;

public sealed class IdentityDocumentTests
{
    [Fact]
    public void The_published_vectors_hold()
    {
        IReadOnlyList<string[]> vectors = IdentityDocument.Table("| url |");

        Assert.True(vectors.Count >= 30);
        Assert.All(vectors, static vector =>
        {
            Assert.Equal(vector[1], Canonical(vector[0]));
            Assert.True(DigestItemId.TryCreate(vector[0], out DigestItemId id));
            Assert.Equal(vector[2], id.ToString());
            Assert.Equal(vector[2], DigestItemId.FromCanonical(vector[1]).ToString());
        });
    }

    [Fact]
    public void The_published_refusals_hold() => Assert.All(
        IdentityDocument.Table("| refused |"),
        static row => Assert.Equal(row[1], Defect(row[0])?.ToString()));

    [Fact]
    public void Every_built_in_tracking_parameter_is_published() =>
        Assert.All(BuiltInTrackingParameters.Names, static name => Assert.Contains($"`{name}`", IdentityDocument.Text, StringComparison.Ordinal));

    [Fact]
    public void Every_switch_is_published() => Assert.All(
        typeof(UrlIdentityOptions).GetProperties(),
        static property => Assert.Contains($"`{property.Name}`", IdentityDocument.Text, StringComparison.Ordinal));
}
