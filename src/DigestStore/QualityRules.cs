namespace DigestStore;

/// <summary>The numbers behind <see cref="QualityFinding"/> and <see cref="DigestQuality.BySource"/>.</summary>
public static class QualityRules
{
    /// <summary>30 days before the digest's date. The news of a daily or weekly digest is younger than that.</summary>
    public static readonly TimeSpan StaleAfter = TimeSpan.FromDays(30);

    /// <summary>1 day: a feed that writes local time without its zone is at most 14 hours ahead.</summary>
    public static readonly TimeSpan FutureTolerance = TimeSpan.FromDays(1);

    /// <summary>10 letters: shorter titles in capitals are mostly names and abbreviations.</summary>
    public const int MinShoutedLetters = 10;

    /// <summary>100 sources are told apart, in the order of their first items; the others share <see cref="OtherSources"/>.</summary>
    public const int MaxSources = 100;

    /// <summary>128 characters of a source's name are kept. Sources with the same first 128 characters are counted as one.</summary>
    public const int MaxSourceLength = 128;

    /// <summary>The name under which the sources beyond <see cref="MaxSources"/> are counted: <c>(other)</c>.</summary>
    public const string OtherSources = "(other)";
}
