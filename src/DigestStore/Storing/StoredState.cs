using DigestStore.Configuration;
using DigestStore.Day;
using DigestStore.Records;
using DigestStore.Resilience;
using DigestStore.Table;

namespace DigestStore.Storing;

// What the table holds of the day, as far as the items at hand need it, in as few requests as possible.
internal sealed class StoredState(TableGateway gateway, StoreSettings settings, Partition partition)
{
    // Up to this many items one BatchGetItem is cheaper than a page, whatever the size of the day.
    public const int FewItems = 25;

    // What a page, or the whole day, told: kept for the whole call.
    private readonly Dictionary<DigestItemId, ItemRecord> _page = [];

    // What was looked up for the window at hand; null is "not there".
    private readonly Dictionary<DigestItemId, ItemRecord?> _lookedUp = [];

    // On a mixed day: the ids that records have, and the ids found for new items whose own belongs to another page.
    private readonly HashSet<DigestItemId> _taken = [];
    private readonly Dictionary<DigestItemId, DigestItemId> _moved = [];
    private readonly DateTimeOffset _now = gateway.Scope.Time.GetUtcNow();
    private bool _isHeaderKnown;
    private bool _isPageKnown;
    private bool _areRulesJudged;

    // Of the day, as far as it has been read; expired ones do not count.
    private bool _hasItems;
    private string? _pageEndsAt;
    private DigestItemId? _lastIdOfPage;
    private Task<PageReply>? _firstPage;

    // The header that a store has written, unless it has expired.
    public HeaderRecord? Header { get; private set; }

    // When the header that is there expired; null when none is, or it has not.
    public DateTimeOffset? HeaderExpiredAt { get; private set; }

    // Some of the day's ids were made under other identity rules, so items are matched by canonicalising their stored URLs.
    public bool IsMixed { get; private set; }

    public string IdRulesToWrite => IsMixed ? MixedDay.Fingerprint : settings.Identity.Fingerprint;

    // The action of the last request, which the credentials may lack.
    public string Action { get; private set; } = "Query";

    private bool IsWholeDayKnown => _isPageKnown && _pageEndsAt is null;

    public ItemRecord? Find(DigestItemId id) =>
        _lookedUp.TryGetValue(id, out ItemRecord? record) ? record : _page.GetValueOrDefault(id);

    // The id to insert an item under: its own, unless an item stored under other rules has it.
    public DigestItemId IdForNew(DigestItemId id, ItemRecord? replaced)
    {
        if (!IsMixed || replaced?.Id == id)
        {
            return id;
        }

        DigestItemId free = id;
        while (!_taken.Add(free))
        {
            // Ends: hashes of hashes do not meet the few ids of one day for ever.
            free = DigestItemId.FromCanonical(free.ToString());
        }

        _moved[id] = free;
        return free;
    }

    // Before the items are known to their last, as soon as they are more than few: the request is under way while the rest is looked at.
    public void ReadAhead() => _firstPage ??= FirstPageAsync();

    // What was read ahead for nothing does not outlive the call.
    public async Task LeaveAsync()
    {
        if (_firstPage is { IsCompleted: false })
        {
            gateway.Scope.End();
            await _firstPage.ConfigureAwait(false);
        }
    }

    // Reads what is not known yet; writtenBefore has the ids that this call has itself written since the page was read.
    public async Task<TableFault?> LoadAsync(IReadOnlyList<PendingItem> items, IdIndex writtenBefore)
    {
        _lookedUp.Clear();
        if (!_isPageKnown && items.Count > FewItems && await LoadPageAsync().ConfigureAwait(false) is { } pageFault)
        {
            return pageFault;
        }

        List<DigestItemId> unknown = Unknown(items, writtenBefore);
        if (unknown.Count > 0 && _lastIdOfPage is { } last &&
            await PagesAhead.ReadAsync(gateway, partition, last, _page.Count, unknown, record => _lookedUp[record.Id] = Learn(record)).ConfigureAwait(false) is { } restFault)
        {
            Action = "Query";
            return restFault;
        }

        if (unknown.Count > 0 && await LookUpAsync(unknown).ConfigureAwait(false) is { } lookupFault)
        {
            return lookupFault;
        }

        if (_areRulesJudged)
        {
            return null;
        }

        _areRulesJudged = true;
        return MayHaveOtherRules() ? await MatchByUrlAsync().ConfigureAwait(false) : null;
    }

    private List<DigestItemId> Unknown(IReadOnlyList<PendingItem> items, IdIndex writtenBefore)
    {
        if (IsWholeDayKnown && writtenBefore.Count == 0)
        {
            return [];
        }

        var unknown = new List<DigestItemId>(items.Count);
        foreach (PendingItem item in items)
        {
            if (!IsKnown(item.Id) || writtenBefore.TryGet(item.Id, out _))
            {
                unknown.Add(item.Id);
            }
        }

        return unknown;
    }

    private bool IsKnown(DigestItemId id) => IsWholeDayKnown || id <= _lastIdOfPage;

    private Task<PageReply> FirstPageAsync() => gateway.QueryAsync(PageRequest.OfDay(partition, after: null, consistent: true));

    private async Task<TableFault?> LoadPageAsync()
    {
        Action = "Query";
        PageReply page = await (_firstPage ?? FirstPageAsync()).ConfigureAwait(false);
        if (new PageCursor().Advance(page) is { } fault)
        {
            return fault;
        }

        // A page that ends before the header's key does not tell that there is none.
        if (page.Next is null || string.CompareOrdinal(page.Next, RecordKeys.Header) >= 0)
        {
            LearnHeader(page.Header);
        }

        _page.EnsureCapacity(page.Items.Count);
        foreach (ItemRecord record in page.Items)
        {
            _page[record.Id] = Learn(record);
        }

        (_isPageKnown, _pageEndsAt) = (true, page.Next);
        _lastIdOfPage = RecordKeys.TryParseItem(page.Next, out DigestItemId last) ? last : null;
        return null;
    }

    private Task<TableFault?> LookUpAsync(List<DigestItemId> ids)
    {
        Action = "BatchGetItem";
        bool withHeader = !_isHeaderKnown;

        // By the ids that the records have, which are others on a mixed day only.
        Dictionary<DigestItemId, DigestItemId>? currentIds = IsMixed ? ids.ToDictionary(StoredId) : null;
        return ids.Count + (withHeader ? 1 : 0) <= Schema.MaxBatchGetKeys
            ? LookUpAsync(Requests(ids, withHeader).Single(), currentIds)
            : LookUpAsync(Requests(ids, withHeader), currentIds);
    }

    // One after another as they are sent, so that the end of the call is not held up by those that are not.
    private IEnumerable<LookupRequest> Requests(List<DigestItemId> ids, bool withHeader)
    {
        for (int from = 0; from < ids.Count;)
        {
            int take = Math.Min(Schema.MaxBatchGetKeys - (withHeader ? 1 : 0), ids.Count - from);
            List<DigestItemId> some = ids.GetRange(from, take);
            lock (_lookedUp)
            {
                some.ForEach(id => _lookedUp[id] = null);
            }

            yield return DayLookup.Of(partition, withHeader, some.ConvertAll(StoredId), consistent: true);
            (withHeader, from) = (false, from + take);
        }
    }

    private async Task<TableFault?> LookUpAsync(IEnumerable<LookupRequest> requests, Dictionary<DigestItemId, DigestItemId>? currentIds)
    {
        TableFault? fault = null;
        await Parallel.ForEachAsync(
            requests,
            new ParallelOptions { MaxDegreeOfParallelism = settings.Options.MaxConcurrency, CancellationToken = CancellationToken.None },
            async (request, _) =>
            {
                // After one lookup has failed nothing will be written, so the rest need not be asked.
                if (Volatile.Read(ref fault) is null && await LookUpAsync(request, currentIds).ConfigureAwait(false) is { } failed)
                {
                    Volatile.Write(ref fault, failed);
                }
            }).ConfigureAwait(false);
        return fault;
    }

    private async Task<TableFault?> LookUpAsync(LookupRequest request, Dictionary<DigestItemId, DigestItemId>? currentIds)
    {
        LookupReply reply = await gateway.LookupAsync(request).ConfigureAwait(false);
        if (reply.Fault is not null)
        {
            return reply.Fault;
        }

        (HeaderRecord? header, List<ItemRecord> items) = DayLookup.Read(reply, partition.Date);
        lock (_lookedUp)
        {
            if (DayLookup.AsksForHeader(request))
            {
                LearnHeader(header);
            }

            foreach (ItemRecord record in items)
            {
                _lookedUp[currentIds is null ? record.Id : currentIds[record.Id]] = Learn(record);
            }
        }

        return null;
    }

    // Ids of a day with another fingerprint say nothing. Nor do those of a day that has items and no header: its first run was killed.
    private bool MayHaveOtherRules() =>
        Header is null ? _hasItems : !string.Equals(Header.IdRules, settings.Identity.Fingerprint, StringComparison.Ordinal);

    private async Task<TableFault?> MatchByUrlAsync()
    {
        Action = "Query";
        List<ItemRecord> day = IsWholeDayKnown ? [.. _page.Values] : [];
        if (!IsWholeDayKnown &&
            await DayPages.ReadAllAsync(gateway, partition, consistent: true, page => day.AddRange(page.Items)).ConfigureAwait(false) is { } fault)
        {
            return fault;
        }

        _page.Clear();
        _lookedUp.Clear();
        foreach ((DigestItemId currentId, ItemRecord record) in MixedDay.MatchByUrl(day, settings.Identity, _now))
        {
            IsMixed |= currentId != record.Id;
            _page[currentId] = record;
        }

        IsMixed |= Header is not null;
        _taken.UnionWith(day.Where(record => !record.IsExpired(_now)).Select(record => record.Id));
        (_isPageKnown, _pageEndsAt, _lastIdOfPage) = (true, null, null);
        return null;
    }

    private DigestItemId StoredId(DigestItemId id)
    {
        if (!IsMixed)
        {
            return id;
        }

        if (_moved.TryGetValue(id, out DigestItemId moved))
        {
            return moved;
        }

        return _page.TryGetValue(id, out ItemRecord? record) ? record.Id : id;
    }

    private ItemRecord Learn(ItemRecord record)
    {
        _hasItems |= !record.IsExpired(_now);
        return record;
    }

    private void LearnHeader(HeaderRecord? header)
    {
        _isHeaderKnown = true;
        HeaderExpiredAt = header is not null && header.IsExpired(_now) ? header.ExpiresAt : null;
        Header = header is { IsOfStore: true } && HeaderExpiredAt is null ? header : null;
    }
}
