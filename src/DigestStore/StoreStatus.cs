using System.Text.Json.Serialization;

namespace DigestStore;

/// <summary>How a whole store ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StoreStatus>))]
public enum StoreStatus
{
    /// <summary>Every valid item is in the table, also when there was none to store.</summary>
    Stored = 0,

    /// <summary>Some valid items are not in the table, or the input broke off after some were stored.</summary>
    PartiallyStored = 1,

    /// <summary>Nothing is stored though something should be, or all items were rejected.</summary>
    Failed = 2,

    /// <summary>The store is switched off by <see cref="DigestStoreOptions.Enabled"/>; no request was made.</summary>
    Disabled = 3,
}
