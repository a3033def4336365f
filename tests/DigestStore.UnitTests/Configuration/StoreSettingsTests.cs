using System.Reflection;
using DigestStore.Configuration;

namespace DigestStore.UnitTests.Configuration;

public sealed class StoreSettingsTests
{
    [Fact]
    public void Every_property_is_copied()
    {
        var options = new DigestStoreOptions();
        ChangeAll(options);
        ChangeAll(options.Identity);
        options.Identity.AdditionalTrackingParameters.Add("ref");
        options.Identity.KeptParameters.Add("id");

        DigestStoreOptions copy = StoreSettings.From(options).Options;

        Assert.All(Simple(typeof(DigestStoreOptions)), property =>
        {
            Assert.NotEqual(property.GetValue(new DigestStoreOptions()), property.GetValue(options));
            Assert.Equal(property.GetValue(options), property.GetValue(copy));
        });
        Assert.All(Simple(typeof(UrlIdentityOptions)), property => Assert.Equal(property.GetValue(options.Identity), property.GetValue(copy.Identity)));
        Assert.Equal(["ref"], copy.Identity.AdditionalTrackingParameters);
        Assert.Equal(["id"], copy.Identity.KeptParameters);
    }

    [Fact]
    public void A_later_change_of_the_options_changes_no_copy()
    {
        var options = new DigestStoreOptions();
        StoreSettings settings = StoreSettings.From(options);
        string fingerprint = settings.Identity.Fingerprint;

        ChangeAll(options);
        ChangeAll(options.Identity);
        options.Identity.KeptParameters.Add("utm_source");

        Assert.Equal("digests", settings.Options.TableName);
        Assert.True(settings.Options.Identity.DropWww);
        Assert.Empty(settings.Options.Identity.KeptParameters);
        Assert.Equal(fingerprint, settings.Identity.Fingerprint);
        Assert.Equal(new DigestStore.Records.Partition("digests", "daily", Some.Date), settings.PartitionOf(Some.Date));
    }

    private static IEnumerable<PropertyInfo> Simple(Type type) => type.GetProperties().Where(static property => property.SetMethod is { IsPublic: true } && property.Name != nameof(DigestStoreOptions.Identity));

    private static void ChangeAll(object options)
    {
        foreach (PropertyInfo property in Simple(options.GetType()))
        {
            property.SetValue(options, property.GetValue(options) switch
            {
                bool value => !value,
                int value => value + 1,
                DisabledItems => DisabledItems.DeadLetter,
                TimeSpan value => value + TimeSpan.FromSeconds(1),
                string value => value + "x",
                null when property.PropertyType == typeof(TimeSpan?) => TimeSpan.FromDays(1),
                null => "x",
                object other => throw new NotSupportedException($"Extend the test for {other.GetType()}."),
            });
        }
    }
}
