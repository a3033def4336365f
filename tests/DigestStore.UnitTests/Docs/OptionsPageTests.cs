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

    [Fact]
    public void Every_bound_is_published() => Assert.All(
        typeof(DigestStoreOptions).GetProperties(),
        static property =>
        {
            if (property.GetCustomAttributesData().SingleOrDefault(static attribute => attribute.AttributeType == typeof(BetweenAttribute)) is { } between)
            {
                string bounds = Row("## Options", property.Name)[2];
                Assert.Equal($"{between.ConstructorArguments[0].Value}` to `{between.ConstructorArguments[1].Value}", bounds);
            }
        });

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
