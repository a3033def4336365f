using System.Text.Json.Serialization;

namespace DigestStore;

/// <summary>Why an operation could not be done.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DigestStoreErrorReason>))]
public enum DigestStoreErrorReason
{
    /// <summary>The database could not be reached, or answered with errors, in the attempts allowed.</summary>
    Unavailable = 0,

    /// <summary>Because of throttling, DynamoDB accepted nothing in the attempts allowed.</summary>
    Throttled = 1,

    /// <summary>The time allowed was over before an answer came.</summary>
    Timeout = 2,

    /// <summary>The credentials lack a permission, or the table's encryption key cannot be used.</summary>
    AccessDenied = 3,

    /// <summary>The credentials are missing, unknown or expired, or cannot be obtained.</summary>
    CredentialsRefused = 4,

    /// <summary>The table does not exist in this region and account, or is still being created.</summary>
    TableNotFound = 5,

    /// <summary>The table's key schema is not the one of <c>docs/schema.md</c>.</summary>
    TableMismatch = 6,

    /// <summary>The store is switched off by <see cref="DigestStoreOptions.Enabled"/>.</summary>
    Disabled = 7,

    /// <summary>A newer version of the library wrote the record.</summary>
    NewerSchema = 8,

    /// <summary>The client cannot be made; a region or other setting is missing or wrong.</summary>
    Misconfigured = 9,

    /// <summary>The response is not a valid response of DynamoDB, so nothing of it was used.</summary>
    InvalidResponse = 10,

    /// <summary>Thrown by <see cref="StoreResult.EnsureStored"/>: not every valid item is known to be stored, or all items were rejected, or the input was not read to its end.</summary>
    NotStored = 11,

    /// <summary>The client that was handed to the repository is disposed. A repository that is itself disposed throws <see cref="ObjectDisposedException"/>.</summary>
    Disposed = 12,
}
