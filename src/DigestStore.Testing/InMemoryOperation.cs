namespace DigestStore.Testing;

/// <summary>The requests that a repository sends to its table.</summary>
public enum InMemoryOperation
{
    /// <summary>Every one of them.</summary>
    Any = 0,

    /// <summary>Query: reading a page of a day, and comparing more than 25 items.</summary>
    Query = 1,

    /// <summary>BatchGetItem: finding items, and comparing up to 25.</summary>
    BatchGet = 2,

    /// <summary>BatchWriteItem: storing and deleting items.</summary>
    BatchWrite = 3,

    /// <summary>UpdateItem: bringing the day's header up to date.</summary>
    UpdateHeader = 4,
}
