namespace DigestStore.Table;

// Whoever answers chooses the id of the request, and it goes into logs: what is in none of the known forms could be anything.
internal static class RequestIds
{
    private const int Length = 52;

    // DynamoDB's own form, or that of its local engines; null for every other.
    public static string? Known(string? text) => text is not null && IsKnown(text) ? text : null;

    private static bool IsKnown(string text) =>
        (text.Length == Length && text.All(static character => char.IsAsciiLetterUpper(character) || char.IsAsciiDigit(character))) ||
        Guid.TryParseExact(text, "N", out _) ||
        Guid.TryParseExact(text, "D", out _);
}
