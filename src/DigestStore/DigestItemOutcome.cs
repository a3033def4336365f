using System.Text.Json.Serialization;

namespace DigestStore;

/// <summary>What became of one item that was handed to <see cref="IDigestRepository"/>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DigestItemOutcome>))]
public enum DigestItemOutcome : byte
{
    /// <summary>It was not in the table and now is.</summary>
    Inserted = 0,

    /// <summary>An item with the same canonical URL was in the table; it now has this content, and its revision is one higher.</summary>
    Updated = 1,

    /// <summary>The table already had this content, apart from tracking parameters of the URL; no content was written.</summary>
    Unchanged = 2,

    /// <summary>A later item of the same input has the same canonical URL and took its place.</summary>
    Duplicate = 3,

    /// <summary>It is invalid; <see cref="StoreProblem.Reason"/> says why. Storing it again will not help.</summary>
    Rejected = 4,

    /// <summary>It is valid but not known to be stored; <see cref="StoreProblem.Reason"/> says why. Storing it again is safe.</summary>
    Failed = 5,

    /// <summary>The store is switched off by <see cref="DigestStoreOptions.Enabled"/>; nothing was tried.</summary>
    Skipped = 6,
}
