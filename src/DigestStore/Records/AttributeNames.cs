namespace DigestStore.Records;

// The names are part of the stored schema, so a change of one needs a higher Schema.Version. They are short because DynamoDB counts their
// bytes in every record.
internal static class AttributeNames
{
    public const string Pk = "pk";
    public const string Sk = "sk";
    public const string Version = "v";
    public const string ExpiresAt = "expiresAt";
    public const string Date = "date";

    public const string Id = "id";
    public const string Url = "url";
    public const string CanonicalUrl = "canonicalUrl";
    public const string Title = "title";
    public const string Summary = "summary";
    public const string Source = "source";
    public const string Category = "category";
    public const string Author = "author";
    public const string PublishedAt = "publishedAt";
    public const string Tags = "tags";
    public const string Metadata = "metadata";
    public const string CreatedAt = "createdAt";
    public const string UpdatedAt = "updatedAt";
    public const string Revision = "revision";
    public const string Ordinal = "ordinal";
    public const string ContentHash = "contentHash";

    public const string Status = "status";
    public const string LastStoreStatus = "lastStoreStatus";
    public const string StoredAt = "storedAt";
    public const string Runs = "runs";
    public const string LastRunId = "lastRunId";
    public const string NextOrdinal = "nextOrdinal";
    public const string Inserted = "inserted";
    public const string PreviousStatus = "previousStatus";
    public const string Attempts = "attempts";
    public const string Fence = "fence";
    public const string LeaseToken = "leaseToken";
    public const string LeaseOwner = "leaseOwner";
    public const string LeaseUntil = "leaseUntil";
    public const string MessageId = "messageId";
    public const string DeliveredAt = "deliveredAt";
    public const string SentCount = "sentCount";
    public const string InsertedAtDelivery = "insertedAtDelivery";
    public const string Checkpoint = "checkpoint";
    public const string FailedAt = "failedAt";
    public const string LastError = "lastError";
    public const string ResolveId = "resolveId";
    public const string DeletedAt = "deletedAt";
    public const string CorrelationId = "correlationId";
    public const string IdRules = "idRules";
    public const string StatusIndex = "by-status";
    public const string StatusIndexPk = "gsi1pk";
    public const string StatusIndexSk = "gsi1sk";

    public const string Ids = "ids";
    public const string PriorIds = "priorIds";
    public const string PriorCount = "priorN";
    public const string Count = "n";
    public const string State = "state";
    public const string PreviousState = "previousState";
    public const string Parts = "parts";
}
