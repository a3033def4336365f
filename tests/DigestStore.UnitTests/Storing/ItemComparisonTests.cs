using Amazon.DynamoDBv2.Model;
using DigestStore.Configuration;
using DigestStore.Records;
using DigestStore.Storing;
using FsCheck;
using FsCheck.Fluent;

namespace DigestStore.UnitTests.Storing;

public sealed class ItemComparisonTests
{
    private static readonly DateTimeOffset Now = FixedClock.Start.AddDays(2).AddMilliseconds(5);
    private static readonly StoreSettings NoRetention = Some.Settings();

    [Fact]
    public void What_is_not_there_is_inserted()
    {
        ItemWrite write = Decide(Some.Pending(4), null, NoRetention, out DigestItemOutcome outcome, nextOrdinal: 10)!;

        Assert.Equal(DigestItemOutcome.Inserted, outcome);
        Assert.Equal((Now, Now, 1, 14, null), (write.CreatedAt, write.UpdatedAt, write.Revision, write.Ordinal, write.ExpiresAt));
    }

    [Fact]
    public void An_ordinal_stops_at_the_largest_number() =>
        Assert.Equal(int.MaxValue, Decide(Some.Pending(4), null, NoRetention, out _, nextOrdinal: int.MaxValue - 2)!.Ordinal);

    [Fact]
    public void The_same_content_is_not_written()
    {
        Assert.Null(Decide(Some.Pending(0), There(), NoRetention, out DigestItemOutcome outcome));
        Assert.Equal(DigestItemOutcome.Unchanged, outcome);
    }

    [Fact]
    public void Another_content_is_written_with_what_must_stay()
    {
        ItemRecord there = There(revision: 3, ordinal: 9, note: true);
        ItemWrite write = Decide(Changed(), there, NoRetention, out DigestItemOutcome outcome, nextOrdinal: 50)!;

        Assert.Equal(DigestItemOutcome.Updated, outcome);
        Assert.Equal((FixedClock.Start, Now, 4, 9), (write.CreatedAt, write.UpdatedAt, write.Revision, write.Ordinal));
        Assert.Equal("kept", write.Unknown!.Values["note"].S);
        Assert.Equal(there.Id, write.Id);
    }

    [Fact]
    public void A_revision_stops_at_the_largest_number() =>
        Assert.Equal(int.MaxValue, Decide(Changed(), There(revision: int.MaxValue), NoRetention, out _)!.Revision);

    [Fact]
    public void A_damaged_record_is_mended_and_keeps_what_others_put_there()
    {
        ItemRecord damaged = There(note: true, change: static attributes => attributes.Remove(AttributeNames.Title));
        ItemWrite write = Decide(Some.Pending(0), damaged, NoRetention, out DigestItemOutcome outcome)!;

        Assert.Equal(RecordState.Damaged, damaged.State);
        Assert.Equal((DigestItemOutcome.Inserted, 1), (outcome, write.Revision));
        Assert.Equal("kept", write.Unknown!.Values["note"].S);
    }

    [Fact]
    public void An_expired_record_counts_as_absent()
    {
        ItemWrite write = Decide(Some.Pending(0), There(revision: 7, note: true, expiresAt: FixedClock.Start.AddDays(2)), NoRetention, out DigestItemOutcome outcome)!;

        Assert.Equal(DigestItemOutcome.Inserted, outcome);
        Assert.Equal((Now, 1), (write.CreatedAt, write.Revision));
        Assert.Null(write.Unknown);
    }

    [Fact]
    public void A_record_without_a_hash_is_updated()
    {
        Decide(Some.Pending(0), There(change: static attributes => attributes.Remove(AttributeNames.ContentHash)), NoRetention, out DigestItemOutcome outcome);

        Assert.Equal(DigestItemOutcome.Updated, outcome);
    }

    [Fact]
    public void A_longer_retention_rewrites_an_unchanged_item_without_a_new_revision()
    {
        StoreSettings tenDays = Some.Settings(static options => options.Retention = TimeSpan.FromDays(10));
        ItemWrite write = Decide(Some.Pending(0), There(revision: 2, expiresAt: FixedClock.Start.AddDays(5)), tenDays, out DigestItemOutcome outcome)!;

        Assert.Equal(DigestItemOutcome.Unchanged, outcome);
        Assert.Equal((FixedClock.Start.AddDays(10), 2, FixedClock.Start), (write.ExpiresAt, write.Revision, write.UpdatedAt));
    }

    [Fact]
    public void A_shorter_retention_shortens_no_life()
    {
        StoreSettings threeDays = Some.Settings(static options => options.Retention = TimeSpan.FromDays(3));

        Assert.Null(Decide(Some.Pending(0), There(expiresAt: FixedClock.Start.AddDays(5)), threeDays, out _));
        Assert.Equal(FixedClock.Start.AddDays(5), Decide(Changed(), There(expiresAt: FixedClock.Start.AddDays(5)), threeDays, out _)!.ExpiresAt);
        Assert.Null(Decide(Some.Pending(0), There(), threeDays, out _));
        Assert.Null(Decide(Changed(), There(), threeDays, out _)!.ExpiresAt);
    }

    [Fact]
    public void No_retention_keeps_for_ever_what_was_to_expire()
    {
        ItemWrite write = Decide(Some.Pending(0), There(expiresAt: FixedClock.Start.AddDays(5)), NoRetention, out DigestItemOutcome outcome)!;

        Assert.Equal(DigestItemOutcome.Unchanged, outcome);
        Assert.Null(write.ExpiresAt);
    }

    [Fact]
    public void A_retention_that_was_stored_in_whole_seconds_is_not_written_again()
    {
        DateTimeOffset created = FixedClock.Start.AddTicks(5);
        StoreSettings fiveDays = Some.Settings(static options => options.Retention = TimeSpan.FromDays(5));
        ItemRecord there = There(expiresAt: created.AddDays(5), change: attributes => attributes[AttributeNames.CreatedAt] = ItemMapper.Text(Instants.Write(created)));

        Assert.Null(Decide(Some.Pending(0), there, fiveDays, out DigestItemOutcome outcome));
        Assert.Equal(DigestItemOutcome.Unchanged, outcome);
    }

    [Fact]
    public void A_retention_beyond_the_calendar_is_for_ever() => Assert.Null(
        Some.Settings(static options => options.Retention = TimeSpan.FromDays(36_525)).ExpiryOf(DateTimeOffset.MaxValue.AddDays(-1)));

    [Fact]
    public void The_same_content_under_another_canonical_url_is_unchanged()
    {
        ItemRecord there = There(change: static attributes => attributes[AttributeNames.CanonicalUrl] = ItemMapper.Text("http://example.com/0"));

        Assert.Null(Decide(Some.Pending(0), there, NoRetention, out DigestItemOutcome outcome));
        Assert.Equal(DigestItemOutcome.Unchanged, outcome);
    }

    // Somebody has edited the record by hand, or another program has written it. What a store decides is the same whether it compares the fields
    // or the hashes first.
    [Fact]
    public void A_wrong_hash_is_not_noticed_where_the_fields_are_equal_and_a_right_one_decides_where_they_differ()
    {
        ItemRecord wrong = There(change: static attributes => attributes[AttributeNames.ContentHash] = ItemMapper.Text("2-" + new string('0', 64)));
        ItemRecord edited = There(change: static attributes => attributes[AttributeNames.Title] = ItemMapper.Text("Edited"));

        Assert.Null(Decide(Some.Pending(0), wrong, NoRetention, out DigestItemOutcome outcome));
        Assert.Equal(DigestItemOutcome.Unchanged, outcome);
        Assert.Null(Decide(Some.Pending(0), edited, NoRetention, out outcome));
        Assert.Equal(DigestItemOutcome.Unchanged, outcome);
    }

    [Fact]
    public void Two_items_have_the_same_fields_only_if_they_have_the_same_hash() =>
        Prop.ForAll(Generate.Item.ToArbitrary(), Generate.Item.ToArbitrary(), Gen.Choose(0, 9).ToArbitrary(), static (one, other, property) =>
        {
            // Only one property differs, if any.
            DigestItem mixed = property switch
            {
                0 => one with { Url = other.Url },
                1 => one with { Title = other.Title },
                2 => one with { Summary = other.Summary },
                3 => one with { Source = other.Source },
                4 => one with { Category = other.Category },
                5 => one with { Author = other.Author },
                6 => one with { PublishedAt = other.PublishedAt },
                7 => one with { Tags = other.Tags },
                8 => one with { Metadata = other.Metadata },
                _ => one,
            };
            DigestItem stored = Generate.Cleaned(mixed);

            Assert.Equal(Some.Clean(one).ContentHash == Some.Clean(stored).ContentHash, Some.Clean(one).HasFieldsOf(stored));
        }).Check(Generate.Often);

    [Fact]
    public void A_record_shares_the_texts_of_an_item_with_the_same_content_and_not_its_collections()
    {
        DigestItem item = Some.Item(0) with { Summary = "Summary", Tags = ["tag", ""], Metadata = new Dictionary<string, string> { ["name"] = "value", ["empty"] = "" } };
        ItemRecord there = Some.Read(ItemMapper.ToAttributes(Some.Write(Some.Clean(item), FixedClock.Start.AddDays(9), revision: 3, ordinal: 4), Some.Partition));
        CleanItem again = Some.Clean(item with { Title = new string(item.Title.AsSpan()) });

        ItemRecord shared = there.SharingTextsOf(again);

        Assert.Equal(there.Stored, shared.Stored);
        Assert.Equal((there.Id, there.State, there.ContentHash), (shared.Id, shared.State, shared.ContentHash));
        Assert.NotSame(again.Item.Title, there.Stored!.Item.Title);
        Assert.Same(again.Item.Title, shared.Stored!.Item.Title);
        Assert.Same(again.CanonicalUrl, shared.Stored.CanonicalUrl);
        Assert.Same(again.Tags, shared.Stored.Item.Tags);
        Assert.NotSame(item.Metadata, shared.Stored.Item.Metadata);
        Assert.Same(there, there.SharingTextsOf(Some.Clean(item with { Title = "Another" })));
    }

    // As 0.1.0-dev wrote it. Such a record costs no write.
    [Fact]
    public void A_record_with_a_hash_of_another_version_is_compared_by_its_fields()
    {
        ItemRecord there = There(change: static attributes => attributes[AttributeNames.ContentHash] = ItemMapper.Text("1-" + new string('0', 64)));

        Assert.Null(Decide(Some.Pending(0), there, NoRetention, out DigestItemOutcome same));
        Assert.Equal(DigestItemOutcome.Unchanged, same);
        Assert.NotNull(Decide(Changed(), there, NoRetention, out DigestItemOutcome changed));
        Assert.Equal(DigestItemOutcome.Updated, changed);
        Assert.NotNull(Decide(Linking("https://example.com/0#part"), there, NoRetention, out DigestItemOutcome corrected));
        Assert.Equal(DigestItemOutcome.Updated, corrected);
    }

    [Fact]
    public void Another_set_of_tracking_parameters_rewrites_nothing()
    {
        DigestItem item = Some.Item(0) with { Url = "https://example.com/0?ref=feed&utm_source=mail" };
        ItemRecord there = Some.Read(ItemMapper.ToAttributes(Some.Write(Some.Clean(item)), Some.Partition));
        foreach (UrlIdentityOptions rules in (UrlIdentityOptions[])[new() { DropTrackingParameters = false }, new() { AdditionalTrackingParameters = { "ref" } }, new() { KeptParameters = { "utm_source" } }])
        {
            StoreSettings settings = Some.Settings(options => options.Identity = rules);
            Assert.True(ItemValidator.TryValidate(item, settings.Identity, "daily", out CleanItem? clean, out _, out _));
            Assert.NotEqual(there.ContentHash, clean.ContentHash);

            Assert.Null(Decide(Some.Pending(0, clean), there, settings, out DigestItemOutcome outcome));
            Assert.Equal(DigestItemOutcome.Unchanged, outcome);
        }
    }

    [Fact]
    public void Another_tracking_parameter_is_no_change_and_another_link_is_one()
    {
        Assert.Null(Decide(Linking("https://example.com/0?utm_campaign=today"), There(), NoRetention, out DigestItemOutcome same));
        Assert.Equal(DigestItemOutcome.Unchanged, same);
        ItemWrite write = Decide(Linking("https://example.com/0?utm_campaign=today#part"), There(), NoRetention, out DigestItemOutcome changed)!;
        Assert.Equal((DigestItemOutcome.Updated, 2), (changed, write.Revision));
    }

    private static PendingItem Linking(string url) => Some.Pending(0, Some.Item(0) with { Url = url });

    private static PendingItem Changed() => Some.Pending(0, Some.Item(0) with { Title = "Another" });

    private static ItemWrite? Decide(PendingItem item, ItemRecord? there, StoreSettings settings, out DigestItemOutcome outcome, int nextOrdinal = 0)
    {
        (ItemWrite? write, outcome) = ItemComparison.Decide(item, there, item.Id, nextOrdinal, Now, settings);
        return write;
    }

    private static ItemRecord There(
        int revision = 1, int ordinal = 0, bool note = false, DateTimeOffset? expiresAt = null, Action<Dictionary<string, AttributeValue>>? change = null)
    {
        UnknownAttributes? unknown = note ? new UnknownAttributes(new() { ["note"] = new AttributeValue { S = "kept" } }) : null;
        Dictionary<string, AttributeValue> attributes = ItemMapper.ToAttributes(
            Some.Write(Some.Clean(Some.Item(0)), expiresAt, revision, ordinal, unknown), Some.Partition);
        change?.Invoke(attributes);
        return Some.Read(attributes);
    }
}
