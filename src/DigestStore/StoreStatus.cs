using System.Text.Json.Serialization;

namespace DigestStore;

/// <summary>How a store call ended as a whole.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StoreStatus>))]
public enum StoreStatus
{
    /// <summary>Every valid item is in the table, and at least one item was valid; or the input had no items.</summary>
    Stored = 0,

    /// <summary>Some valid items are not in the table, or the input ended early after some were stored.</summary>
    PartiallyStored = 1,

    /// <summary>No item is known to be in the table, and an item failed or the input ended early; or all items were rejected.</summary>
    Failed = 2,

    /// <summary>The store is switched off by <see cref="DigestStoreOptions.Enabled"/>; no request was made.</summary>
    Disabled = 3,
}
