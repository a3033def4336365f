using System.Text.Json.Serialization;

namespace DigestStore;

/// <summary>Whether a day is deleted.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DeleteDayOutcome>))]
public enum DeleteDayOutcome
{
    /// <summary>All items of the day are deleted.</summary>
    Deleted = 0,

    /// <summary>There was nothing to delete: nothing is stored for the day, or it was deleted before.</summary>
    NothingStored = 1,

    /// <summary>
    /// Somebody sends the day or deletes it at this moment, has taken it over while it was being deleted, or went on storing items. Try again after
    /// <see cref="DeleteDayResult.RetryAfter"/>.
    /// </summary>
    HeldByAnother = 2,
}
