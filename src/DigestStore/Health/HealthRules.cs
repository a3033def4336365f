namespace DigestStore.Health;

internal static class HealthRules
{
    private static readonly TimeSpan LongestCache = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ShortestDeadline = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestDeadline = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ShortestAnswer = TimeSpan.FromMilliseconds(1);

    // Returns an empty text if the options are valid.
    public static string Problem(DigestStoreHealthOptions options) => string.Join(
        " ",
        new[]
        {
            Check(nameof(options.CacheFor), options.CacheFor, TimeSpan.Zero, LongestCache, "Use 0 to ask the table at every check."),
            Check(nameof(options.Deadline), options.Deadline, ShortestDeadline, LongestDeadline, "Stay below the time-out of whatever asks for the health."),
            Check(nameof(options.SlowAfter), options.SlowAfter, ShortestAnswer, options.Deadline, "It must not exceed Deadline: lower it, or raise that."),
        }.Where(static problem => problem.Length > 0));

    private static string Check(string property, TimeSpan value, TimeSpan min, TimeSpan max, string remedy) =>
        value >= min && value <= max ? "" : $"{nameof(DigestStoreHealthOptions)}.{property} is '{value}', but must be between {min} and {max}. {remedy}";
}
