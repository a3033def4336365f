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
            manifest.PreviousState is { } found ? new Set(N.PreviousState, ManifestReader.TextOf(found)) : new Remove(N.PreviousState),
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

    // Only what this attempt itself has announced, and only as long as nobody has settled it otherwise.
    public RecordUpdate Confirm(DateOnly date, long fence, string messageId) => new(settings.Options.TableName, KeyOf(date))
    {
        Changes = Delivered(messageId),
        Condition = new And(IsNotNewer, new Equal(N.Fence, fence), new Or(Is(ManifestState.Sending), Is(ManifestState.Delivered))),
    };

    // What the last attempt up to this fence has announced. The fence stays that of the attempt, because its further parts have it too.
    public RecordUpdate MarkDelivered(DateOnly date, long fence, string messageId) => new(settings.Options.TableName, KeyOf(date))
    {
        Changes = Delivered(messageId),
        Condition = new And(IsNotNewer, new AtMost(N.Fence, fence)),
    };

    private static RecordCondition[] IsStill(Manifest seen) =>
    [
        new Equal(N.Fence, seen.Fence),
        seen.State == ManifestState.Delivered ? Is(ManifestState.Delivered) : IsNotDelivered,

        // Ids are added without a new fence, so their numbers tell whether the manifest is still the one that was read.
        Has(N.Count, seen.IdCount),
        Has(N.PriorCount, seen.PriorCount),
    ];

    // Removes the ids of this attempt and of no other one. The state becomes that from before it. The reply has the record, because it says how
    // many further parts there are.
    public RecordUpdate Clear(DateOnly date, long fence) => new(settings.Options.TableName, KeyOf(date))
    {
        Changes = [new Remove(N.Ids), new Set(N.Count, 0), new Copy(N.State, N.PreviousState, ManifestReader.TextOf(ManifestState.Sending))],
        Condition = new And(IsNotNewer, new Equal(N.Fence, fence), IsNotDelivered),
        ReturnsRecord = true,
    };

    // Removes the ids of the last attempt up to this fence. Those of earlier attempts stay. A late failure of the attempt changes nothing any more.
    public RecordUpdate MarkUnsent(DateOnly date, long fence) => new(settings.Options.TableName, KeyOf(date))
    {
        Changes = [new Remove(N.Ids), new Set(N.Count, 0), new Set(N.State, Unsent), new Set(N.PreviousState, Unsent)],
        Condition = new And(IsNotNewer, new AtMost(N.Fence, fence), IsNotDelivered),
        ReturnsRecord = true,
    };

    public RecordUpdate ClearFurther(DateOnly date, long fence, int part) => new(settings.Options.TableName, KeyOf(date, part))
    {
        Changes = [new Remove(N.Ids)],
        Condition = new Equal(N.Fence, fence),
    };

    private static string Unsent { get; } = ManifestReader.TextOf(ManifestState.Unsent);

    private static NotEqual IsNotDelivered { get; } = new(N.State, ManifestReader.TextOf(ManifestState.Delivered));

    private static Equal Is(ManifestState state) => new(N.State, ManifestReader.TextOf(state));

    private static RecordCondition Has(string name, long? count) => count is { } number ? new Equal(name, number) : new Absent(name);

    private static AttributeChange[] Delivered(string messageId) => [new Set(N.State, ManifestReader.TextOf(ManifestState.Delivered)), new Set(N.MessageId, messageId)];

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
