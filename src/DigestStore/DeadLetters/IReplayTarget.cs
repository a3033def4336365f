using System.Diagnostics.CodeAnalysis;
using DigestStore.Configuration;
using DigestStore.Records;
using DigestStore.Storing;

namespace DigestStore.DeadLetters;

// A repository that dead letters can be replayed into. A replay needs more than IDigestRepository offers, because each letter has its own
// rule about which record it may replace.
internal interface IReplayTarget : IDigestRepository
{
    // The table and the digest whose letters this repository stores, by its settings at this moment.
    ReplayScope ReplayScope();

    // A replay calls this between batches, because a disposed repository ends it, as its cancellation token does.
    void ThrowIfDisposed();

    // Stores letters of one date again and returns the fate of each, in the same order. No two letters may belong to one page, because they
    // would compete for the same record.
    Task<IReadOnlyList<ReplayedFate>> ReplayAsync(DateOnly date, IReadOnlyList<ReplayedLetter> letters, CancellationToken cancellationToken);

    // Records the delivery of a letter. It is Superseded where the day is delivered by another sender, or another one is at it.
    Task<SettledDeadLetter> ReplayDeliveryAsync(DeadLetter letter, CancellationToken cancellationToken);
}

// The table and the digest whose letters are replayed. Settings and time are fixed when the scope is made, so that all letters are judged by
// the same rules.
internal sealed class ReplayScope(StoreSettings settings, DateTimeOffset now)
{
    public DateTimeOffset Now => now;

    public string Table => settings.Options.TableName;

    public bool Has(DeadLetter letter) =>
        string.Equals(letter.Table, Table, StringComparison.Ordinal) && string.Equals(letter.Digest, settings.Options.DigestName, StringComparison.Ordinal);

    // Returns false if the item is invalid under these settings, which may be stricter than those under which the letter was written.
    public bool TryIdentify(DeadLetter letter, out DigestItemId id, [NotNullWhen(true)] out CleanItem? content)
    {
        bool isValid = ItemValidator.TryValidate(letter.Item, settings.Identity, settings.Options.DigestName, out content, out _, out _);
        id = isValid ? DigestItemId.FromCanonical(content!.CanonicalUrl) : default;
        return isValid;
    }
}

internal enum LetterFate
{
    Stored,
    Unchanged,
    Superseded,
    Rejected,
    Kept,
}

// What became of a replayed letter. A letter that is kept gives way to Replacement in its batch; if Replacement is null, it stays as it is.
internal readonly record struct ReplayedFate(LetterFate Fate, DeadLetter? Replacement);
