namespace DigestStore.FaultTests.Child;

/// <summary>Items of one day that belong to one worker, numbered. What an item contains follows from its version, so that a parent knows it without being told.</summary>
public sealed record FileRange(int Day, int Worker, int From, int Count)
{
    private const int LongestSummary = 2_000;

    public DateOnly Date => DateOf(Day);

    public IEnumerable<int> Numbers => Enumerable.Range(From, Count);

    public string[] Urls => [.. Numbers.Select(number => UrlOf(Day, Worker, number))];

    public static DateOnly DateOf(int day) => new DateOnly(2026, 11, 1).AddDays(day);

    public DigestItem[] Items(int version) => [.. Numbers.Select(number => ItemOf(Day, Worker, number, version))];

    public static DigestItem ItemOf(int day, int worker, int number, int version) => new()
    {
        Url = UrlOf(day, worker, number),
        Title = $"day {day}, worker {worker}, number {number}, version {version}",
        Summary = new string((char)('a' + (version % 26)), 1 + (int)(((number * 7_919L) + (version * 104_729L)) % LongestSummary)),
        Source = "kill",
        Tags = [$"v{version}", $"n{number}"],
        Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["version"] = $"{version}" },
    };

    private static string UrlOf(int day, int worker, int number) => $"https://example.com/{day}/{worker}/{number}";
}
