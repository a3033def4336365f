using System.Text.Json.Serialization;

namespace DigestStore;

/// <summary>Something unusual about an item that is no reason to reject it.</summary>
/// <remarks>An item may have several findings. It is stored like any other.</remarks>
[JsonConverter(typeof(JsonStringEnumConverter<QualityFinding>))]
public enum QualityFinding
{
    /// <summary><see cref="DigestItem.PublishedAt"/> is more than <see cref="QualityRules.StaleAfter"/> before the digest's date begins in UTC.</summary>
    Stale = 0,

    /// <summary><see cref="DigestItem.PublishedAt"/> is more than <see cref="QualityRules.FutureTolerance"/> after the time at which the store call began.</summary>
    FutureDated = 1,

    /// <summary>
    /// The title, trimmed, equals the URL, or is an absolute http or https URL itself: it begins with the scheme and <c>//</c> in
    /// any case and has no white space. A bare host such as <c>crates.io</c> is a name.
    /// </summary>
    TitleIsUrl = 2,

    /// <summary>
    /// The title has <see cref="QualityRules.MinShoutedLetters"/> or more upper-case letters and no lower-case one, in any script.
    /// Letters without case, digits and signs do not count.
    /// </summary>
    TitleShouting = 3,

    /// <summary>
    /// The title has an HTML tag of text formatting (<c>&lt;b&gt;</c>, <c>&lt;/p&gt;</c>, <c>&lt;br/&gt;</c>; <c>docs/results.md</c> lists the
    /// elements), a comment, or a character reference (<c>&amp;amp;</c>, <c>&amp;#39;</c>). Code such as <c>Vec&lt;T&gt;</c>, <c>a &lt; b</c>
    /// and <c>AT&amp;T;</c> are text.
    /// </summary>
    TitleHasMarkup = 4,
}
