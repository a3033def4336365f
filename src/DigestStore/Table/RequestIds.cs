namespace DigestStore.Table;

// Checks the id of a request. The server chooses it and it goes into logs, so an id of an unknown form, which could hold any text, is
// dropped.
internal static class RequestIds
{
    private const int Length = 52;

    // The text itself if it has the form of DynamoDB's ids or of a local engine's, which are GUIDs. Null for any other text.
    public static string? Known(string? text) => text is not null && IsKnown(text) ? text : null;

    private static bool IsKnown(string text) =>
        (text.Length == Length && text.All(static character => char.IsAsciiLetterUpper(character) || char.IsAsciiDigit(character))) ||
        Guid.TryParseExact(text, "N", out _) ||
        Guid.TryParseExact(text, "D", out _);
}
