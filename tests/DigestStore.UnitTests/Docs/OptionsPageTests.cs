using System.Collections;
using System.Globalization;
using System.Reflection;
using DigestStore.Configuration;

namespace DigestStore.UnitTests.Docs;

public sealed class OptionsPageTests
{
    private static readonly DocumentPage Page = new("docs/options.md");

    [Fact]
    public void Every_option_is_published_with_its_default() => AssertDefaults("## Options", new DigestStoreOptions());

    [Fact]
    public void Every_identity_option_is_published_with_its_default() => AssertDefaults("## Identity options", new UrlIdentityOptions());

    public static TheoryData<string> Bounded => [.. typeof(DigestStoreOptions).GetProperties()
        .Where(static property => property.PropertyType == typeof(int) || property.PropertyType == typeof(TimeSpan) || property.PropertyType == typeof(TimeSpan?))
        .Select(static property => property.Name)];

    [Theory]
    [MemberData(nameof(Bounded))]
    public void The_published_bounds_are_those_that_are_kept(string option)
    {
        string[] bounds = Row("## Options", option)[2].Split("` to `");
        string broken = $", but must be between {bounds[0]} and {bounds[1]}. ";

        Assert.All(bounds, bound => Assert.DoesNotContain(broken, ProblemBeside(option, bound, 0), StringComparison.Ordinal));
        Assert.Contains(broken, ProblemBeside(option, bounds[0], -1), StringComparison.Ordinal);
        Assert.Contains(broken, ProblemBeside(option, bounds[1], 1), StringComparison.Ordinal);
    }

    private static string ProblemBeside(string option, string bound, int off)
    {
        PropertyInfo property = typeof(DigestStoreOptions).GetProperty(option)!;
        var options = new DigestStoreOptions();
        property.SetValue(options, property.PropertyType == typeof(int)
            ? int.Parse(bound, CultureInfo.InvariantCulture) + off
            : TimeSpan.Parse(bound, CultureInfo.InvariantCulture) + TimeSpan.FromTicks(off));
        return SettingsSource.Problem(options);
    }

    private static void AssertDefaults(string heading, object defaults)
    {
        PropertyInfo[] properties = defaults.GetType().GetProperties();
        Assert.Equal(
            properties.Select(static property => property.Name).Order(StringComparer.Ordinal),
            Page.Rows(heading).Select(static row => row[0]).Order(StringComparer.Ordinal));
        Assert.All(properties, property => AssertDefault(property.GetValue(defaults), Row(heading, property.Name)[1]));
    }

    private static void AssertDefault(object? value, string published)
    {
        switch (value)
        {
            case null:
                Assert.Equal("none", published);
                break;
            case TimeSpan span:
                Assert.Equal(span, TimeSpan.Parse(published, CultureInfo.InvariantCulture));
                break;
            case bool flag:
                Assert.Equal(flag ? "true" : "false", published);
                break;
            case UrlIdentityOptions:
                Assert.Equal("all rules on", published);
                break;
            case ICollection list:
                Assert.Empty(list);
                Assert.Equal("empty", published);
                break;
            default:
                Assert.Equal(Convert.ToString(value, CultureInfo.InvariantCulture), published);
                break;
        }
    }

    private static string[] Row(string heading, string name) =>
        Assert.Single(Page.Rows(heading), row => string.Equals(row[0], name, StringComparison.Ordinal));
}
