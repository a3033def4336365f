namespace DigestStore.Records;

// How the header says what became of the last store that wrote it.
internal static class StoreStatusText
{
    public const string Complete = "stored";
    public const string Partial = "partially-stored";

    // Null for a text that this version does not know.
    public static StoreStatus? Parse(string? text) => text switch
    {
        Complete => StoreStatus.Stored,
        Partial => StoreStatus.PartiallyStored,
        _ => null,
    };
}
