using System.Text.Json;

namespace DigestStore.Telemetry;

// The values of tags and audit fields, in lower-case words. Each comes from a closed set, so that the number of time series stays bounded.
internal static class TagValues
{
    public const string Ok = "ok";
    public const string Partial = "partial";
    public const string Unprocessed = "unprocessed";
    public const string Canceled = "canceled";
    public const string Abandoned = "abandoned";
    public const string HeldByAnother = "held_by_another";

    public static string Of<T>(T member)
        where T : struct, Enum => Names<T>.Of(member);

    private static class Names<T>
        where T : struct, Enum
    {
        private static readonly Dictionary<T, string> Words = Enum.GetValues<T>().Distinct().ToDictionary(
            static member => member, static member => JsonNamingPolicy.SnakeCaseLower.ConvertName(member.ToString()));

        public static string Of(T member) => Words[member];
    }
}
