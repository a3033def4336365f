namespace DigestStore;

/// <summary>An item that was sent before.</summary>
/// <param name="Item">The item.</param>
/// <param name="LastSentOn">The last of the days on which its page was sent, or may have been sent.</param>
/// <param name="IsCertain"><see langword="true"/> when it was in an email that is known to have gone out; see <see cref="SentUrl.IsCertain"/>.</param>
public sealed record RecentlySentItem(DigestItem Item, DateOnly LastSentOn, bool IsCertain);
