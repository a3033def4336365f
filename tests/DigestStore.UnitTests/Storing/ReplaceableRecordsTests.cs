using DigestStore.Records;
using DigestStore.Storing;
using DigestStore.UnitTests.DeadLetters;

namespace DigestStore.UnitTests.Storing;

// Which record a letter may replace. Everything else stays.
public sealed class ReplaceableRecordsTests
{
    private const string Hash = "2-0123456789abcdef0123456789abcdef";

    private static readonly DateTimeOffset Now = FixedClock.Start;
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    private static readonly CleanItem Earlier = Some.Clean(Some.Item() with { Title = "Earlier copy" });

    [Theory]
    [InlineData(Hash, 3, Hash, 3, true)]
    [InlineData(Hash, 3, Hash, 4, false)]
    [InlineData(Hash, 3, "2-0123456789abcdef0123456789abcdee", 3, false)]
    [InlineData(Hash, 3, "2-0123456789ABCDEF0123456789ABCDEF", 3, false)]
    [InlineData(Hash, 3, null, 3, false)]
    [InlineData(Hash, null, Hash, 9, true)]
    [InlineData("2-0123456789abcdef", null, Hash, 9, true)]
    [InlineData("2-0123456789abcde", null, Hash, 9, false)]
    [InlineData("2-1123456789abcdef", null, Hash, 9, false)]
    [InlineData("", null, Hash, 9, false)]
    [InlineData(null, 3, null, 3, true)]
    [InlineData(null, 3, null, 4, false)]
    [InlineData(null, 3, Hash, 3, false)]
    [InlineData(null, null, null, 9, false)]
    public void A_letter_replaces_the_record_that_its_store_saw_and_no_other(string? knownHash, int? knownRevision, string? hash, int revision, bool may)
    {
        DeadLetter letter = Letters.Of(0) with { Known = new KnownRecord { State = KnownRecordState.Present, ContentHash = knownHash, Revision = knownRevision } };

        Assert.Equal(may, new ReplaceableRecords().Has(Record(hash, revision), letter, Now));
    }

    [Theory]
    [InlineData(KnownRecordState.Absent)]
    [InlineData(KnownRecordState.Unknown)]
    public void A_letter_whose_store_saw_no_record_replaces_none(KnownRecordState state)
    {
        DeadLetter letter = Letters.Of(0) with { Known = new KnownRecord { State = state, ContentHash = Hash, Revision = 3 } };

        Assert.False(new ReplaceableRecords().Has(Record(Hash, 3), letter, Now));
    }

    // Letters of the first version say nothing of the record, and clocks may differ by a quarter of an hour.
    [Fact]
    public void An_old_letter_replaces_what_is_a_quarter_of_an_hour_older_than_it()
    {
        static bool May(DateTimeOffset letter, DateTimeOffset record) =>
            new ReplaceableRecords().Has(Record(Hash, 1, record), Letters.Of(0) with { Known = null, StoreStartedAt = letter }, Now);
        TimeSpan margin = TimeSpan.FromMinutes(15);

        Assert.True(May(Now, Now - margin - Tick));
        Assert.False(May(Now, Now - margin));
        Assert.False(May(Now, Now));
        Assert.True(May(Now.AddYears(-1), Now.AddYears(-1) - margin - Tick));
        Assert.False(May(Now + Tick, Now.AddYears(-1)));
    }

    // The same store sent an earlier copy of the page, and whether that is the record now nobody told it.
    [Theory]
    [InlineData(StoreProblemReason.OutcomeUnknown, true)]
    [InlineData(StoreProblemReason.Unavailable, true)]
    [InlineData(StoreProblemReason.Throttled, false)]
    [InlineData(StoreProblemReason.DeadlineExceeded, false)]
    [InlineData(StoreProblemReason.CompareUnavailable, false)]
    public void A_later_copy_replaces_the_earlier_one_that_its_own_store_may_have_stored(StoreProblemReason reason, bool may)
    {
        ReplaceableRecords replaceable = After(Copy(1) with { Reason = reason });

        Assert.Equal(may, replaceable.Has(Record(Earlier.ContentHash, 1), Copy(2), Now));
    }

    [Fact]
    public void The_earlier_copy_itself_and_letters_of_other_stores_do_not_replace_it()
    {
        ReplaceableRecords replaceable = After(Copy(1));
        ItemRecord there = Record(Earlier.ContentHash, 1);

        Assert.False(replaceable.Has(there, Copy(0), Now));
        Assert.False(replaceable.Has(there, Copy(1), Now));
        Assert.False(replaceable.Has(there, Copy(2) with { StoreStartedAt = Copy(2).StoreStartedAt + Tick }, Now));
        Assert.False(replaceable.Has(there, Copy(2) with { CorrelationId = "another call" }, Now));
        Assert.False(replaceable.Has(there, Copy(2) with { CorrelationId = "CALL" }, Now));
    }

    [Fact]
    public void Another_content_than_the_earlier_copy_s_stays() => Assert.False(After(Copy(1)).Has(Record(Hash, 1), Copy(2), Now));

    // What the earlier copy became is the revision after the one that it found.
    [Theory]
    [InlineData(KnownRecordState.Absent, null, 1, true)]
    [InlineData(KnownRecordState.Absent, null, 2, false)]
    [InlineData(KnownRecordState.Present, 4, 5, true)]
    [InlineData(KnownRecordState.Present, 4, 4, false)]
    [InlineData(KnownRecordState.Present, 4, 3, false)]
    [InlineData(KnownRecordState.Present, 4, 1, false)]
    [InlineData(KnownRecordState.Present, null, 7, true)]
    public void The_earlier_copy_is_known_by_its_revision_too(KnownRecordState state, int? found, int revision, bool may)
    {
        ReplaceableRecords replaceable = After(Copy(1) with { Known = new KnownRecord { State = state, ContentHash = Hash, Revision = found } });

        Assert.Equal(may, replaceable.Has(Record(Earlier.ContentHash, revision), Copy(2), Now));
    }

    private static ReplaceableRecords After(DeadLetter earlier)
    {
        var replaceable = new ReplaceableRecords();
        replaceable.Add(earlier, Earlier);
        return replaceable;
    }

    private static DeadLetter Copy(int ordinal) => Letters.Of(0) with
    {
        Ordinal = ordinal,
        CorrelationId = "call",
        StoreStartedAt = Now.AddHours(-1),
        Known = KnownRecord.Absent,
        Reason = StoreProblemReason.OutcomeUnknown,
    };

    private static ItemRecord Record(string? hash, int revision, DateTimeOffset? updatedAt = null) => new()
    {
        Id = Some.Id(0),
        State = RecordState.Readable,
        ContentHash = hash,
        Stored = new StoredDigestItem
        {
            Id = Some.Id(0),
            Date = Some.Date,
            Item = Some.Item(),
            CanonicalUrl = Some.Item().Url,
            CreatedAt = updatedAt ?? Now,
            UpdatedAt = updatedAt ?? Now,
            Revision = revision,
        },
    };
}
