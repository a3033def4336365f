using System.Text.Json.Serialization;

namespace DigestStore;

/// <summary>A valid item that could not be stored, kept to be stored later.</summary>
public sealed record DeadLetter
{
    /// <summary>The item.</summary>
    public required DigestItem Item { get; init; }

    /// <summary>The table that it was meant for.</summary>
    public required string Table { get; init; }

    /// <summary>The digest that it was meant for.</summary>
    public required string Digest { get; init; }

    /// <summary>The day that it was meant for.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>Its place in the digest, for the case that it is new to the table.</summary>
    public required int Ordinal { get; init; }

    /// <summary>The fingerprint of the identity rules that were in force.</summary>
    public required string IdRules { get; init; }

    /// <summary>When its store began.</summary>
    /// <remarks>
    /// A replay stores it as the time of the content, but never a time that is still to come. Among several letters of one page that
    /// may replace the record, the one of the latest store is stored. Whether a letter may replace a record is not decided by time, see <see cref="Known"/>.
    /// </remarks>
    public required DateTimeOffset StoreStartedAt { get; init; }

    /// <summary>What its store knew of the table's record: a replay replaces exactly this, whatever other letters of the page know.</summary>
    /// <value>
    /// Default <see langword="null"/>, as in letters of the format's first version: the letter then replaces only a record that is more than
    /// 15 minutes older than <see cref="StoreStartedAt"/>, and none if that time is still to come.
    /// </value>
    public KnownRecord? Known { get; init; }

    /// <summary>Why it was not stored.</summary>
    public required StoreProblemReason Reason { get; init; }

    /// <summary>The correlation id of its store.</summary>
    public string CorrelationId { get; init; } = "";

    /// <summary>How many replays have failed to store it.</summary>
    /// <value>Default 0.</value>
    public int Attempts { get; init; }

    // Every line of a file carries the version of its format, which tells a reader which members the line can have.
    [JsonInclude]
    internal int Version { get; init; } = DeadLetters.LetterJson.Version;
}
