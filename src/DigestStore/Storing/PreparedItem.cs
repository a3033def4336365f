using DigestStore.Quality;
using DigestStore.Records;

namespace DigestStore.Storing;

// An item that was prepared and is not counted yet. It has a defect, or the content to store, or neither when it is to be skipped.
internal readonly record struct PreparedItem(DigestItem? Item, FindingSet Findings)
{
    public StoreProblemReason? Defect { get; init; }

    // Null when the message of the reason says all that there is to say.
    public string? DefectMessage { get; init; }

    public DigestItemId Id { get; init; }

    public CleanItem? Content { get; init; }

    public int Size { get; init; }

    public ReplayedLetter? Letter { get; init; }

    // Returns null for an item that has no content to store.
    public PendingItem? ToPending(int index) => Content is null ? null : new PendingItem
    {
        Index = index,
        FirstIndex = index,
        Id = Id,
        Content = Content,
        Size = Size,
        Letter = Letter,
    };
}
