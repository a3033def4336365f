using DigestStore.Quality;
using DigestStore.Records;

namespace DigestStore.Storing;

// An item that has been looked at but not counted yet: with a defect, with its content, or with neither when it is to be skipped.
internal readonly record struct PreparedItem(DigestItem? Source, FindingSet Findings)
{
    public StoreProblemReason? Defect { get; init; }

    // Says more about the defect than its reason does; null when there is no more to say.
    public string? DefectMessage { get; init; }

    public DigestItemId Id { get; init; }

    public CleanItem? Content { get; init; }

    public int Size { get; init; }

    public ReplayedLetter? Letter { get; init; }

    // Null for one that has no content to store.
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
