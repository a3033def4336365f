using System.Text.Json.Serialization;

namespace DigestStore;

/// <summary>Why the target of a copy keeps something of its own.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DigestCopyKept>))]
public enum DigestCopyKept
{
    /// <summary>The target says that the email was delivered, and keeps that. The items are copied.</summary>
    Delivered = 0,

    /// <summary>Somebody sends or deletes the day at the target, or was killed while doing so. What the target says about the email stays. The items are copied unless the day is being deleted. If the lease of a killed sender is over and the source has delivered the day, it becomes delivered instead.</summary>
    Held = 1,

    /// <summary>The day was begun to be sent at the target after the last time at the source, or both sides have begun an attempt of their own. What the target says about the email stays. The items are copied.</summary>
    NewerAttempt = 2,

    /// <summary>Somebody has decided about the email at the target, and the source has neither this decision nor a delivery. What it says stays. The items are copied.</summary>
    Resolved = 3,

    /// <summary>The day was deleted at the target after it was last deleted at the source, if it ever was. It stays deleted, and only what was sent is copied.</summary>
    Deleted = 4,

    /// <summary>The day was deleted at the source, or is being deleted, and the target still has items. Nothing but what was sent is copied. Delete the day at the target too.</summary>
    DeletedAtSource = 5,

    /// <summary>The target has newer items, and keeps them. All else is copied.</summary>
    NewerItems = 6,
}
