using N = DigestStore.Records.AttributeNames;

namespace DigestStore.Records;

// What the header of a day says about its delivery. Values that cannot be read count as absent, because other programs may write them.
internal sealed record DeliveryRecord
{
    // Null if the status is one that this version does not know. A header without a status is pending.
    public required DeliveryStatus? Status { get; init; }

    public DeliveryStatus? PreviousStatus { get; init; }

    public int Attempts { get; init; }

    public long Fence { get; init; }

    public string? LeaseToken { get; init; }

    public string? LeaseOwner { get; init; }

    public DateTimeOffset? LeaseUntil { get; init; }

    public string? MessageId { get; init; }

    public DateTimeOffset? DeliveredAt { get; init; }

    public int? SentCount { get; init; }

    public string? Checkpoint { get; init; }

    public DateTimeOffset? FailedAt { get; init; }

    // The kind of the failure, a colon, and the words of whoever reported it.
    public string? LastError { get; init; }

    public string? ResolveId { get; init; }

    // When the day was deleted last, also after it began anew.
    public DateTimeOffset? DeletedAt { get; init; }

    public long Inserted { get; init; }

    public long? InsertedAtDelivery { get; init; }

    // How many items store calls have inserted since the email was sent.
    public long ItemsAfterDelivery => Status == DeliveryStatus.Delivered && InsertedAtDelivery is { } before ? Math.Max(0, Inserted - before) : 0;

    public DateTimeOffset? ExpiresAt { get; init; }

    public bool IsNewer { get; init; }

    public bool IsExpired(DateTimeOffset now) => ExpiresAt <= now;

    public static DeliveryRecord Read(StoredRecord header) => new()
    {
        Status = header.Text(N.Status) is { } status ? HeaderStatus.Parse(status) : DeliveryStatus.Pending,
        PreviousStatus = HeaderStatus.Parse(header.Text(N.PreviousStatus)),
        Attempts = Count(header, N.Attempts) ?? 0,
        Fence = header.Number(N.Fence) ?? 0,
        LeaseToken = header.Text(N.LeaseToken),
        LeaseOwner = header.Text(N.LeaseOwner),
        LeaseUntil = Instants.FromEpochMilliseconds(header.Number(N.LeaseUntil)),
        MessageId = header.Text(N.MessageId),
        DeliveredAt = header.Instant(N.DeliveredAt),
        SentCount = Count(header, N.SentCount),
        Checkpoint = header.Text(N.Checkpoint),
        FailedAt = header.Instant(N.FailedAt),
        LastError = header.Text(N.LastError),
        ResolveId = header.Text(N.ResolveId),
        DeletedAt = Instants.FromEpochMilliseconds(header.Number(N.DeletedAt)),
        Inserted = header.Number(N.Inserted) ?? 0,
        InsertedAtDelivery = header.Number(N.InsertedAtDelivery),
        ExpiresAt = header.ToHeader().ExpiresAt,
        IsNewer = header.IsNewer,
    };

    private static int? Count(StoredRecord header, string name) => header.Number(name) is >= 0 and <= int.MaxValue and { } count ? (int)count : null;
}
