using DigestStore.Identity;
using DigestStore.Manifests;
using DigestStore.Records;

namespace DigestStore.History;

// The URLs that are looked for, and what the manifests of the days say about them. The manifests are added in ascending order of their
// dates.
internal sealed class SentUrls
{
    private readonly IdentityRuleSet _identity;
    private readonly Dictionary<DigestItemId, Candidate> _candidates = [];
    private readonly List<string> _invalid = [];
    private readonly SortedSet<DateOnly> _unsettled = [];
    private readonly SortedSet<DateOnly> _unchecked = [];

    public SentUrls(IReadOnlyCollection<string> urls, IdentityRuleSet identity)
    {
        _identity = identity;
        foreach (string? url in urls)
        {
            if (!DigestItemId.TryCreate(url, identity, out DigestItemId id))
            {
                _invalid.Add(url ?? "");
            }
            else if (_candidates.TryGetValue(id, out Candidate? known))
            {
                known.Urls.Add(url);
            }
            else
            {
                _candidates.Add(id, new Candidate { Urls = { url } });
            }
        }
    }

    public bool IsEmpty => _candidates.Count == 0;

    // Returns false if the ids of the manifest were made with other rules, so that they cannot be compared with those of the URLs.
    public bool TryAdd(Manifest manifest)
    {
        if (manifest.IsUnsettled)
        {
            _unsettled.Add(manifest.Date);
        }

        if (!manifest.IsComplete)
        {
            _unchecked.Add(manifest.Date);
        }

        if (manifest.Ids.Count + manifest.PriorIds.Count > 0 && !string.Equals(manifest.IdRules, _identity.Fingerprint, StringComparison.Ordinal))
        {
            return false;
        }

        foreach (DigestItemId id in manifest.PriorIds)
        {
            Mark(id, manifest.Date, isCertain: false);
        }

        foreach (DigestItemId id in manifest.Ids)
        {
            Mark(id, manifest.Date, isCertain: manifest.State == ManifestState.Delivered);
        }

        return true;
    }

    // The URL of a stored item that was sent on the date.
    public void Add(string? url, DateOnly date, bool isCertain)
    {
        if (DigestItemId.TryCreate(url, _identity, out DigestItemId id))
        {
            Mark(id, date, isCertain);
        }
        else
        {
            _unchecked.Add(date);
        }
    }

    public void AddUnchecked(DateOnly date) => _unchecked.Add(date);

    public SentLookup ToLookup(DateOnly from, DateOnly to)
    {
        var sent = new Dictionary<string, SentUrl>(StringComparer.Ordinal);
        foreach (Candidate candidate in _candidates.Values)
        {
            if (candidate.Last is { } last)
            {
                foreach (string url in candidate.Urls)
                {
                    sent[url] = new SentUrl(last, candidate.IsCertain);
                }
            }
        }

        return new SentLookup { From = from, To = to, Sent = sent, InvalidUrls = _invalid, UnsettledDates = [.. _unsettled], UncheckedDates = [.. _unchecked] };
    }

    private void Mark(DigestItemId id, DateOnly date, bool isCertain)
    {
        if (_candidates.TryGetValue(id, out Candidate? candidate))
        {
            candidate.Last = date;
            candidate.IsCertain |= isCertain;
        }
    }

    private sealed class Candidate
    {
        public List<string> Urls { get; } = [];

        public DateOnly? Last { get; set; }

        public bool IsCertain { get; set; }
    }
}
