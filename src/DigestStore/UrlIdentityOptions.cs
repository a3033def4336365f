namespace DigestStore;

/// <summary>The identity rules of a store: which spellings of a URL count as the same page.</summary>
/// <remarks>
/// The syntax rules of RFC 3986 §6.2.2 always hold; these rules come on top of them. <c>docs/identity.md</c> states each with
/// its reasons and test vectors. Changing one later neither duplicates nor loses what is stored.
/// </remarks>
public sealed class UrlIdentityOptions
{
    /// <summary>Whether <c>http</c> and <c>https</c> on their default ports are the same page.</summary>
    /// <value>Default <see langword="true"/>.</value>
    public bool TreatHttpAsHttps { get; set; } = true;

    /// <summary>Whether one leading <c>www.</c> of the host is ignored. It is kept where fewer than two labels would remain, and where the rest begins with <c>www.</c> again.</summary>
    /// <value>Default <see langword="true"/>.</value>
    public bool DropWww { get; set; } = true;

    /// <summary>Whether slashes at the end of the path are ignored.</summary>
    /// <value>Default <see langword="true"/>.</value>
    public bool DropTrailingSlash { get; set; } = true;

    /// <summary>Whether several slashes in a row in the path count as one.</summary>
    /// <value>Default <see langword="true"/>.</value>
    public bool CollapseSlashes { get; set; } = true;

    /// <summary>Whether the fragment is ignored; fragments that begin with <c>!</c> or <c>/</c> are addresses of pages in single-page applications and stay.</summary>
    /// <value>Default <see langword="true"/>.</value>
    public bool DropFragment { get; set; } = true;

    /// <summary>Whether query parameters that only say where a click came from are ignored (<c>utm_*</c>, <c>gclid</c>, <c>fbclid</c> and the like).</summary>
    /// <value>Default <see langword="true"/>.</value>
    public bool DropTrackingParameters { get; set; } = true;

    /// <summary>Further names of tracking parameters; without regard to case.</summary>
    /// <value>Default empty.</value>
    public IList<string> AdditionalTrackingParameters { get; private set; } = [];

    /// <summary>Names that are never tracking parameters, even if the library's list or <see cref="AdditionalTrackingParameters"/> has them; without regard to case.</summary>
    /// <value>Default empty.</value>
    public IList<string> KeptParameters { get; private set; } = [];

    /// <summary>Whether the order of query parameters is ignored; parameters of equal name keep theirs.</summary>
    /// <value>Default <see langword="true"/>.</value>
    public bool SortQuery { get; set; } = true;

    internal static UrlIdentityOptions Default { get; } = new();

    internal UrlIdentityOptions Copy()
    {
        var copy = (UrlIdentityOptions)MemberwiseClone();
        copy.AdditionalTrackingParameters = [.. AdditionalTrackingParameters];
        copy.KeptParameters = [.. KeptParameters];
        return copy;
    }
}
