using DigestStore.Configuration;
using DigestStore.Records;
using static DigestStore.Records.AttributeChange;
using static DigestStore.Records.RecordCondition;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.Manifests;

// The updates of a manifest's records, as data.
internal sealed class ManifestUpdates(StoreSettings settings)
{
    // A record may have 400 KB, and an id takes 16 bytes. This leaves room for the other attributes.
    public const int MaxIdsInPart = 24_000;

    // The manifest of a day must still be there at the end of the last day that may ask for it, in every time zone.
    private const int ExtraDays = 2;

    public static int PartsOf(Manifest manifest) => Math.Max(1, (manifest.Ids.Count + manifest.PriorIds.Count + MaxIdsInPart - 1) / MaxIdsInPart);

    // Replaces the manifest that was read. One that was changed since then stays: by another sender, by this attempt itself, whose late request
    // knows less than its newest one about what earlier attempts announced, or because the email was confirmed.
    public RecordUpdate First(Manifest manifest, Manifest? seen) => new(settings.Options.TableName, KeyOf(manifest.Date))
    {
        Changes =
        [
            .. IdsOf(manifest, part: 1),
            new Set(N.State, ManifestReader.TextOf(manifest.State)),
            new Set(N.Count, manifest.Ids.Count),
            new Set(N.PriorCount, manifest.PriorIds.Count),
            PartsOf(manifest) is > 1 and int parts ? new Set(N.Parts, parts) : new Remove(N.Parts),
            manifest.MessageId is { Length: > 0 } messageId ? new Set(N.MessageId, messageId) : new Remove(N.MessageId),
            manifest.IdRules is { Length: > 0 } rules ? new Set(N.IdRules, rules) : new Remove(N.IdRules),
        ],
        Condition = new And([IsNotNewer, .. seen is { Fence: > 0 } ? IsStill(seen) : [new Absent(N.Fence)]]),
    };

    // A further part counts only together with a first part of the same fence, so it is written before it.
    public RecordUpdate Further(Manifest manifest, int part) => new(settings.Options.TableName, KeyOf(manifest.Date, part))
    {
        Changes = IdsOf(manifest, part),
        Condition = new And(IsNotNewer, new Or(new Absent(N.Fence), new AtMost(N.Fence, manifest.Fence))),
    };

    public RecordUpdate Confirm(DateOnly date, long fence, string messageId) => new(settings.Options.TableName, KeyOf(date))
    {
        Changes = [new Set(N.State, ManifestReader.TextOf(ManifestState.Delivered)), new Set(N.Fence, fence), new Set(N.MessageId, messageId)],
        Condition = new And(IsNotNewer, new AtMost(N.Fence, fence)),
    };

    private static RecordCondition[] IsStill(Manifest seen) =>
    [
        new Equal(N.Fence, seen.Fence),
        seen.State == ManifestState.Delivered
            ? new Equal(N.State, ManifestReader.TextOf(ManifestState.Delivered))
            : new NotEqual(N.State, ManifestReader.TextOf(ManifestState.Delivered)),

        // Prior ids are added without a new fence, so their number tells whether the manifest is still the one that was read.
        seen.PriorCount is { } count ? new Equal(N.PriorCount, count) : new Absent(N.PriorCount),
    ];

    // Removes the ids of this attempt and of no other one. The reply has the record, because it says how many further parts there are.
    public RecordUpdate Clear(DateOnly date, long fence) => new(settings.Options.TableName, KeyOf(date))
    {
        Changes = [new Remove(N.Ids), new Set(N.Count, 0)],
        Condition = new And(IsNotNewer, new Equal(N.Fence, fence), new NotEqual(N.State, ManifestReader.TextOf(ManifestState.Delivered))),
        ReturnsRecord = true,
    };

    public RecordUpdate ClearFurther(DateOnly date, long fence, int part) => new(settings.Options.TableName, KeyOf(date, part))
    {
        Changes = [new Remove(N.Ids)],
        Condition = new Equal(N.Fence, fence),
    };

    // The ids of all attempts are numbered through, first those of the newest one, and each part has its share.
    private AttributeChange[] IdsOf(Manifest manifest, int part)
    {
        int start = (part - 1) * MaxIdsInPart;
        ReadOnlyMemory<byte> ids = manifest.Ids.Slice(start, MaxIdsInPart);
        int priorStart = start - manifest.Ids.Count;
        ReadOnlyMemory<byte> priorIds = manifest.PriorIds.Slice(Math.Max(0, priorStart), Math.Max(0, priorStart + MaxIdsInPart) - Math.Max(0, priorStart));
        return
        [
            new Set(N.Version, Schema.Version),
            new Set(N.Fence, manifest.Fence),
            new Set(N.ExpiresAt, ExpiryOf(manifest.Date)),
            ids.IsEmpty ? new Remove(N.Ids) : new SetBytes(N.Ids, ids),
            priorIds.IsEmpty ? new Remove(N.PriorIds) : new SetBytes(N.PriorIds, priorIds),
        ];
    }

    private long ExpiryOf(DateOnly date)
    {
        int days = (int)settings.Options.MaxLookback.TotalDays + ExtraDays;
        DateOnly last = date.DayNumber <= DateOnly.MaxValue.DayNumber - days ? date.AddDays(days) : DateOnly.MaxValue;
        return Instants.ToEpochSeconds(new DateTimeOffset(last, TimeOnly.MinValue, TimeSpan.Zero));
    }

    private RecordKey KeyOf(DateOnly date, int part = 1) => new(RecordKeys.Sent(settings.Options.DigestName), RecordKeys.Manifest(date, part));
}
