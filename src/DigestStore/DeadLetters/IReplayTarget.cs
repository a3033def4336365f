using System.Diagnostics.CodeAnalysis;
using DigestStore.Configuration;
using DigestStore.Records;
using DigestStore.Storing;

namespace DigestStore.DeadLetters;

// What a repository of ours offers to a replay beyond IDigestRepository.
internal interface IReplayTarget : IDigestRepository
{
    // Whose letters it can take.
    ReplayScope ReplayScope();

    // A disposed repository ends a replay, as the token does.
    void ThrowIfDisposed();

    // At most one letter of a page. Gives the fate of each letter, in their order.
    Task<IReadOnlyList<ReplayedFate>> ReplayAsync(DateOnly date, IReadOnlyList<ReplayedLetter> letters, CancellationToken cancellationToken);
}

// The table and the digest of a replay, by the settings and the clock at its start.
internal sealed class ReplayScope(StoreSettings settings, DateTimeOffset now)
{
    public DateTimeOffset Now => now;

    public string Table => settings.Options.TableName;

    public bool Has(DeadLetter letter) =>
        string.Equals(letter.Table, Table, StringComparison.Ordinal) && string.Equals(letter.Digest, settings.Options.DigestName, StringComparison.Ordinal);

    // False for an item that today's rules reject.
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

// What became of a letter that was handed in, and what is to be kept in its place; null keeps it as it is.
internal readonly record struct ReplayedFate(LetterFate Fate, DeadLetter? Replacement);
