namespace DigestStore;

/// <summary>When a URL was sent.</summary>
/// <param name="LastSentOn">The last of the days on which it was sent, or may have been sent.</param>
/// <param name="IsCertain">
/// <see langword="true"/> when it was in an email that is known to have gone out on one of the days; <see langword="false"/> when nobody knows
/// whether any email with it was accepted.
/// </param>
public sealed record SentUrl(DateOnly LastSentOn, bool IsCertain);
