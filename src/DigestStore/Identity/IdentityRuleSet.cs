using System.Diagnostics.CodeAnalysis;

namespace DigestStore.Identity;

// A copy of the identity options. The caller may change the lists of the options at any time, and that must not affect a call
// that is running.
internal sealed class IdentityRuleSet(UrlIdentityOptions options)
{
    private readonly TrackingParameters? _tracking = options.DropTrackingParameters ? new(options) : null;
    private string? _fingerprint;

    public static IdentityRuleSet Default { get; } = new(UrlIdentityOptions.Default);

    public bool TreatHttpAsHttps { get; } = options.TreatHttpAsHttps;

    public bool DropWww { get; } = options.DropWww;

    public bool DropTrailingSlash { get; } = options.DropTrailingSlash;

    public bool CollapseSlashes { get; } = options.CollapseSlashes;

    public bool DropFragment { get; } = options.DropFragment;

    public bool SortQuery { get; } = options.SortQuery;

    public TrackingParameters? Tracking => _tracking;

    public bool RewritesQuery => SortQuery || _tracking is not null;

    public string Fingerprint => _fingerprint ??= IdentityFingerprint.Of(this);

    public static IdentityRuleSet For(UrlIdentityOptions options) =>
        ReferenceEquals(options, UrlIdentityOptions.Default) ? Default : new IdentityRuleSet(options);

    public bool TryCanonicalize(string? url, [NotNullWhen(true)] out string? canonical, out StoreProblemReason defect) =>
        UrlCanonicalizer.TryCanonicalize(url, this, out canonical, out defect);

    public bool IsTracking(ReadOnlySpan<char> name) => _tracking is not null && _tracking.Contains(name);
}
