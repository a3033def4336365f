namespace DigestStore.Storing;

// A letter that is replayed, and the records that it may replace.
internal sealed record ReplayedLetter(DeadLetter Letter, ReplaceableRecords MayReplace);
