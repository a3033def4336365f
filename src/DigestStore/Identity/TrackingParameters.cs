namespace DigestStore.Identity;

internal sealed class TrackingParameters
{
    public const string Prefix = "utm_";

    // This is no FrozenSet, because creating one takes 4 ms at the start of a process, which its faster lookups never save again.
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Known =
        new HashSet<string>(BuiltInTrackingParameters.Names, StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>>? _added;
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>>? _kept;

    public TrackingParameters(UrlIdentityOptions options)
    {
        HashSet<string> kept = NameSet(options.KeptParameters);
        HashSet<string> added = NameSet(options.AdditionalTrackingParameters);

        // Names that make no difference are removed, so that options with the same effect have the same fingerprint.
        added.RemoveWhere(name => kept.Contains(name) || IsKnown(name));
        kept.RemoveWhere(name => !IsKnown(name));
        Added = added;
        Kept = kept;
        _added = added.Count == 0 ? null : added.GetAlternateLookup<ReadOnlySpan<char>>();
        _kept = kept.Count == 0 ? null : kept.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public IReadOnlyCollection<string> Added { get; }

    public IReadOnlyCollection<string> Kept { get; }

    public bool Contains(ReadOnlySpan<char> name) =>
        IsKnown(name)
            ? _kept is not { } kept || !kept.Contains(name)
            : _added is { } added && added.Contains(name);

    // The name comes from a URL as it was handed in, so its percent-encoding has to be normalized before the comparison.
    public bool ContainsRaw(ReadOnlySpan<char> name) =>
        name.ContainsAnyExcept(PercentEncoding.QueryCharacters) ? Contains(Escape(name)) : Contains(name);

    private static bool IsKnown(ReadOnlySpan<char> name) =>
        name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) || Known.Contains(name);

    private static HashSet<string> NameSet(IList<string> names)
    {
        var set = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (string name in names)
        {
            if (!string.IsNullOrWhiteSpace(name))
            {
                _ = set.Add(Escape(name.Trim()));
            }
        }

        return set;
    }

    // Names are compared in the form that they have in a canonical URL, where "naïve" is written "na%C3%AFve".
    private static string Escape(ReadOnlySpan<char> name)
    {
        var target = new UrlWriter(new char[9 * name.Length]);
        PercentEncoding.Write(name, PercentEncoding.QueryCharacters, ref target);
        return target.Written.ToString();
    }
}
