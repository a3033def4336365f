using DigestStore.Records;

namespace DigestStore;

/// <summary>The record that the table had for a web page, as far as a store call had read it when the item became a <see cref="DeadLetter"/>.</summary>
/// <remarks>
/// A replay of the letter replaces this record and no other one, except an earlier copy of the item that the same store call sent without getting an answer.
/// </remarks>
public sealed record KnownRecord
{
    /// <summary>Whether there was a record.</summary>
    public required KnownRecordState State { get; init; }

    /// <summary>The record's content hash: the attribute <c>contentHash</c> of <c>docs/schema.md</c>, or at least its first 18 characters.</summary>
    /// <value>Default <see langword="null"/>: the record had none, or there was no record.</value>
    public string? ContentHash { get; init; }

    /// <summary>The record's revision.</summary>
    /// <value>Default <see langword="null"/>: it is not known, and the content hash alone decides.</value>
    public int? Revision { get; init; }

    /// <summary>
    /// Nothing was known: the record could not be read, or the store was switched off. The letter is stored only if there is no record, also
    /// when other letters of the page name one.
    /// </summary>
    public static KnownRecord Unknown { get; } = new() { State = KnownRecordState.Unknown };

    /// <summary>There was no record, or one that counts as none because it had expired. The letter is stored only if there is no record.</summary>
    public static KnownRecord Absent { get; } = new() { State = KnownRecordState.Absent };
}
