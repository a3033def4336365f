namespace DigestStore.DeadLetters;

// A letter of the replay's own table and digest, its place in its batch, and its page; null for an item that today's rules reject.
internal sealed record OwnLetter(DeadLetter Letter, int Place, LetterPage? Page);
