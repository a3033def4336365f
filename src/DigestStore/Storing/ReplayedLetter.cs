namespace DigestStore.Storing;

// A letter, and what it may replace.
internal sealed record ReplayedLetter(DeadLetter Letter, Replaceable MayReplace);
