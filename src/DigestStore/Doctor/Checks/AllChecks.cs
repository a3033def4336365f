namespace DigestStore.Doctor.Checks;

// The checks in the order of the report. A new check takes a line here, and the requests that it needs go into TableInspection.
internal static class AllChecks
{
    public static readonly IReadOnlyList<TableCheck> InOrder =
    [
        new(TableCheck.TableName, "Without the table nothing is stored and nothing is read.", TableState.Judge),
        new(TableCheck.KeysName, "Every request names these keys; a table with others refuses all of them.", KeySchema.Judge),
        new(TableCheck.IndexName, "Whoever lists days by the state of their delivery queries this index, and expects whole headers there.", StatusIndex.Judge),
        new("billing", "A day is stored within a second. Capacity that was reserved for the average throttles that second, and is paid for all day.", Billing.Judge),
        new("encryption", "DynamoDB encrypts every table. Only with a key of your own can you see who used it, and take it away.", Encryption.Judge),
        new("point-in-time-recovery", "It is the only way back after items were deleted or overwritten by mistake.", Recovery.Judge),
        new("time-to-live", "Without it items outlive their retention: reads hide them, but they are stored and paid for.", Expiry.Judge),
        new("deletion-protection", "Without it one DeleteTable, by mistake or by a wrong stack, takes the table away.", DeletionProtection.Judge),
        new("stream", "Consumers of changes, such as audits and search indexes, read it. What changed while it was off never comes.", ChangeStream.Judge),
        new("table-class", "The class for rare access is cheaper to keep and dearer to use, and a digest is read and written every day.", StorageClass.Judge),
        new("schema-version", "Records of a newer schema are not read and never overwritten by this version of the library.", SchemaVersions.Judge),
        new("headers", "A day without its header was left by a store that was killed: it can be read, but is not listed by its status.", DayHeaders.Judge),
        new("unfinished-stores", "What such a store could not write is missing from its day until it is stored again.", UnfinishedStores.Judge),
        new("ended-leases", "Such a day is neither sent nor given up: nobody knows whether its email went out until somebody says so or sends it again.", EndedLeases.Judge),
        new("abandoned-days", "No sender tries such a day again.", AbandonedDays.Judge),
        new("manifests", "The manifest of a day is the memory of what was sent on it. Without it the same links can be sent again.", SentManifests.Judge),
        new(TableCheck.ClockName, "Times and expiries are written by this clock, and DynamoDB refuses requests that are signed some minutes off.", ClockOffset.Judge),
    ];
}
