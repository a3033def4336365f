using System.Globalization;

namespace DigestStore.FaultTests.Child;

/// <summary>What a worker of a job on a file has begun, or what was acknowledged to it.</summary>
public enum FileStep
{
    StoreBegun,
    Stored,
    LettersBegun,
    Lettered,
    ReplayBegun,
    Replayed,
    SendBegun,
    Granted,
    Announced,
    SendEnded,

    /// <summary>An email while the store is switched off: it goes out, and its delivery becomes a letter.</summary>
    UnrecordedSendBegun,
    SendLettered,
}

/// <summary>A line that a job on a file writes for its parent.</summary>
public sealed record FileEvent(FileStep Step, FileRange Range)
{
    private const string Nothing = "-";

    /// <summary>Of the content that is stored.</summary>
    public int Version { get; init; }

    /// <summary>The status or the outcome that the call had.</summary>
    public string Outcome { get; init; } = Nothing;

    public long Fence { get; init; }

    /// <summary>How many items were inserted, updated and unchanged. Null: the job has not said so.</summary>
    public (int Inserted, int Updated, int Unchanged)? Counts { get; init; }

    public static FileEvent Parse(string line)
    {
        string[] words = line.Split(' ');
        int[] numbers = [.. words[1..6].Select(static word => int.Parse(word, CultureInfo.InvariantCulture))];
        int[]? counts = words[8] == Nothing ? null : [.. words[8].Split('+').Select(static word => int.Parse(word, CultureInfo.InvariantCulture))];
        return new FileEvent(Enum.Parse<FileStep>(words[0]), new FileRange(numbers[0], numbers[1], numbers[2], numbers[3]))
        {
            Version = numbers[4],
            Outcome = words[6],
            Fence = long.Parse(words[7], CultureInfo.InvariantCulture),
            Counts = counts is null ? null : (counts[0], counts[1], counts[2]),
        };
    }

    public override string ToString()
    {
        string counts = Counts is { } known ? FormattableString.Invariant($"{known.Inserted}+{known.Updated}+{known.Unchanged}") : Nothing;
        return FormattableString.Invariant($"{Step} {Range.Day} {Range.Worker} {Range.From} {Range.Count} {Version} {Outcome} {Fence} {counts}");
    }
}
