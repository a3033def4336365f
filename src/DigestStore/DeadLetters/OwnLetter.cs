namespace DigestStore.DeadLetters;

// A letter of the replay's own table and digest, with its index in its batch. Page is null if today's rules reject the item.
internal sealed record OwnLetter(DeadLetter Letter, int BatchIndex, LetterPage? Page);
