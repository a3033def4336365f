namespace DigestStore.FaultTests.Child;

/// <summary>The items that the child stores, known to the test that kills it.</summary>
public static class ChildItems
{
    public static DateOnly Date { get; } = new(2026, 11, 21);

    public static DigestItem[] Range(int from, int count) =>
        [.. Enumerable.Range(from, count).Select(n => new DigestItem { Url = $"https://example.com/child/{n}", Title = $"title {n}", Summary = new string('x', 500) })];
}
