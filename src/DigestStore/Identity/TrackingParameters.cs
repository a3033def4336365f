namespace DigestStore.Identity;

internal sealed class TrackingParameters
{
    public const string Prefix = "utm_";

    // Not frozen: freezing takes 4 ms of a process's start, and is never earned back.
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Known =
        new HashSet<string>(TrackingParameterList.Names, StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>>? _added;
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>>? _kept;

    public TrackingParameters(UrlIdentityOptions options)
    {
        HashSet<string> kept = NameSet(options.KeptParameters);
        HashSet<string> added = NameSet(options.AdditionalTrackingParameters);

        // Only what makes a difference: two lists of one meaning are one fingerprint.
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

    // The same for a name that is not in canonical form yet.
    public bool ContainsAsGiven(ReadOnlySpan<char> name) =>
        name.ContainsAnyExcept(PercentEncoding.QueryCharacters) ? Contains(AsWritten(name)) : Contains(name);

    private static bool IsKnown(ReadOnlySpan<char> name) =>
        name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) || Known.Contains(name);

    private static HashSet<string> NameSet(IList<string> names)
    {
        var set = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (string name in names)
        {
            if (!string.IsNullOrWhiteSpace(name))
            {
                _ = set.Add(AsWritten(name.Trim()));
            }
        }

        return set;
    }

    // As the name stands in a canonical URL: "naïve" is "na%C3%AFve" there.
    private static string AsWritten(ReadOnlySpan<char> name)
    {
        var target = new UrlWriter(new char[9 * name.Length]);
        PercentEncoding.Write(name, PercentEncoding.QueryCharacters, ref target);
        return target.Written.ToString();
    }
}
