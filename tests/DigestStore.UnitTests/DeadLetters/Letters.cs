using System.Text;
using DigestStore.DeadLetters;

namespace DigestStore.UnitTests.DeadLetters;

internal static class Letters
{
    public static DeadLetter Of(int number, string digest = "daily") => new()
    {
        Item = Some.Item(number),
        Table = "digests",
        Digest = digest,
        Date = Some.Date,
        Ordinal = number,
        IdRules = "1",
        StoreStartedAt = FixedClock.Start,
        Reason = StoreProblemReason.Unavailable,
    };

    public static string Line(DeadLetter letter) => Encoding.UTF8.GetString(LetterJson.Write(letter));

    public static DeadLetter? Read(string line) => LetterJson.TryRead(Encoding.UTF8.GetBytes(line));
}
