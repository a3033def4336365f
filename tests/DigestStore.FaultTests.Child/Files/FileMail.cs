using System.Globalization;

namespace DigestStore.FaultTests.Child;

/// <summary>An email that the mail server has accepted: a line of the log that stands for that server, which no database can take back.</summary>
public sealed record FileMail(FileRange Range, string MessageId, long Fence, bool IsRepeat)
{
    public const string LogName = "mail.log";

    public static FileMail Parse(string line)
    {
        string[] words = line.Split(' ');
        int[] numbers = [.. words[..4].Select(static word => int.Parse(word, CultureInfo.InvariantCulture))];
        return new FileMail(new FileRange(numbers[0], numbers[1], numbers[2], numbers[3]), words[4], long.Parse(words[5], CultureInfo.InvariantCulture), bool.Parse(words[6]));
    }

    public override string ToString() => FormattableString.Invariant($"{Range.Day} {Range.Worker} {Range.From} {Range.Count} {MessageId} {Fence} {IsRepeat}");
}
