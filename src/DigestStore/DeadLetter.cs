using System.Text.Json.Serialization;

namespace DigestStore;

/// <summary>A valid item that could not be stored, or the delivery of a day that could not be recorded, kept to be stored later. It has one of the two.</summary>
public sealed record DeadLetter
{
    /// <summary>The item.</summary>
    /// <value>Default <see langword="null"/>: the letter is that of a delivery.</value>
    public DigestItem? Item { get; init; }

    /// <summary>The delivery: the email of the day went out, and that is not recorded.</summary>
    /// <value>Default <see langword="null"/>: the letter is that of an item.</value>
    public DeliveryLetter? Delivery { get; init; }

    /// <summary>The table that the item was meant for.</summary>
    public required string Table { get; init; }

    /// <summary>The digest that the item was meant for.</summary>
    public required string Digest { get; init; }

    /// <summary>The date that the item was meant for.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>The item's position in the digest, which is used if the item is new to the table. 0 for a delivery.</summary>
    public required int Ordinal { get; init; }

    /// <summary>The fingerprint of the identity rules that were in force.</summary>
    public required string IdRules { get; init; }

    /// <summary>When the store that could not write the item began.</summary>
    /// <remarks>
    /// A replay stores this time as the time of the content, unless it is in the future. If several letters of one page may replace the
    /// record, the letter of the latest store is stored. Whether a letter may replace a record is not decided by time, see <see cref="Known"/>.
    /// </remarks>
    public required DateTimeOffset StoreStartedAt { get; init; }

    /// <summary>What the letter's store knew of the table's record. A replay replaces exactly this record, whatever other letters of the page know.</summary>
    /// <value>
    /// Default <see langword="null"/>, as in letters of the format's first version: the letter then replaces only a record that is more than
    /// 15 minutes older than <see cref="StoreStartedAt"/>, and none if that time is in the future.
    /// </value>
    public KnownRecord? Known { get; init; }

    /// <summary>Why the item was not stored.</summary>
    public required StoreProblemReason Reason { get; init; }

    /// <summary>The correlation id of the store that could not write the item.</summary>
    public string CorrelationId { get; init; } = "";

    /// <summary>How many replays have failed to store the item.</summary>
    /// <value>Default 0.</value>
    public int Attempts { get; init; }

    // Every line of a file carries the version of its format, which tells a reader which members the line can have.
    [JsonInclude]
    internal int Version { get; init; } = DeadLetters.LetterJson.VersionOfItems;
}
