namespace DigestStore.Testing;

/// <summary>The requests that a repository sends to its table.</summary>
public enum InMemoryOperation
{
    /// <summary>Every one of them.</summary>
    Any = 0,

    /// <summary>Query: reading the pages of a day, to return its items, to compare more than 25 items, or to find a URL after the identity rules have changed; reading what was sent; and listing the days of a status.</summary>
    Query = 1,

    /// <summary>BatchGetItem: looking up items by their ids, to find them, or to compare up to 25 items or those that are not on the first page of a day; and listing the days of a range.</summary>
    BatchGet = 2,

    /// <summary>BatchWriteItem: storing and deleting items.</summary>
    BatchWrite = 3,

    /// <summary>UpdateItem: writing the header of a day, its delivery included, and remembering what is sent.</summary>
    Update = 4,
}
