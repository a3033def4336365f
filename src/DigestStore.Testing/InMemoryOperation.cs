namespace DigestStore.Testing;

/// <summary>The requests that a repository sends to its table.</summary>
public enum InMemoryOperation
{
    /// <summary>Every one of them.</summary>
    Any = 0,

    /// <summary>Query: reading a page of a day, comparing more than 25 items, reading what was sent, and listing the days of a status.</summary>
    Query = 1,

    /// <summary>BatchGetItem: finding items, comparing up to 25, and listing the days of a range.</summary>
    BatchGet = 2,

    /// <summary>BatchWriteItem: storing and deleting items.</summary>
    BatchWrite = 3,

    /// <summary>UpdateItem: bringing the day's header up to date, its delivery included, and remembering what is sent.</summary>
    UpdateHeader = 4,
}
