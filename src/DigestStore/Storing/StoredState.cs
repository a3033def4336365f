using DigestStore.Configuration;
using DigestStore.Day;
using DigestStore.Records;
using DigestStore.Resilience;
using DigestStore.Table;

namespace DigestStore.Storing;

// What the table holds of the day. Only what the given items are compared with is read, in as few requests as possible.
internal sealed class StoredState(TableGateway gateway, StoreSettings settings, Partition partition)
{
    // For so few items one BatchGetItem is cheaper than a page of the day, however large the day is.
    public const int FewItems = 25;

    // The records of the first page, or of the whole day. They are kept for the whole call.
    private readonly Dictionary<DigestItemId, ItemRecord> _page = [];

    // The records that were looked up for the current window. Null means that there is no record with this id.
    private readonly Dictionary<DigestItemId, ItemRecord?> _lookedUp = [];

    private readonly MixedDayIds _mixedIds = new();
    private readonly WindowLookup _lookup = new(gateway, partition, settings.Options.MaxConcurrency);
    private readonly DateTimeOffset _now = gateway.Scope.Time.GetUtcNow();
    private bool _isHeaderKnown;
    private bool _isPageKnown;
    private bool _areRulesChecked;

    // Whether the part of the day that has been read has items. Expired ones do not count.
    private bool _hasItems;
    private string? _pageEndsAt;
    private DigestItemId? _lastIdOfPage;
    private Task<PageReply>? _firstPage;

    // The header that a store call has written, unless it has expired or its day was deleted.
    public HeaderRecord? Header { get; private set; }

    // The time at which the existing header expired; null if there is no header or it has not expired.
    public DateTimeOffset? HeaderExpiredAt { get; private set; }

    // Whether the header that is there says that the day was deleted.
    public bool IsHeaderDeleted { get; private set; }

    // Some of the day's ids were made under other identity rules, so items are matched by canonicalising their stored URLs.
    public bool IsMixed { get; private set; }

    public string IdRulesToWrite => IsMixed ? MixedDay.Fingerprint : settings.Identity.Fingerprint;

    // The first ordinal that no store call has used yet.
    public int NextOrdinal => Header?.NextOrdinal ?? 0;

    private bool IsWholeDayKnown => _isPageKnown && _pageEndsAt is null;

    public ItemRecord? Find(DigestItemId id) =>
        _lookedUp.TryGetValue(id, out ItemRecord? record) ? record : _page.GetValueOrDefault(id);

    // The id to insert an item under. It is the item's own, unless an item that was stored under other rules has it.
    public DigestItemId IdForNew(DigestItemId id, ItemRecord? replaced) => !IsMixed || replaced?.Id == id ? id : _mixedIds.IdForNew(id);

    // Called as soon as there are more than a few items, before the last of them is known: the request is under way while the others are
    // prepared.
    public void ReadAhead() => _firstPage ??= FirstPageAsync();

    // A page that was requested ahead and never needed must not outlive the call.
    public async Task EndReadAheadAsync()
    {
        if (_firstPage is { IsCompleted: false })
        {
            gateway.Scope.End();
            await _firstPage.ConfigureAwait(false);
        }
    }

    // Reads what is not known yet. writtenBefore has the ids that this call itself has written since the page was read. The result is null, or
    // the reply with the fault for which the state is not known.
    public async Task<TableReply?> LoadAsync(Window window, IdIndex writtenBefore)
    {
        IReadOnlyList<PendingItem> items = window.Items;
        _lookedUp.Clear();
        if (!_isPageKnown && items.Count > FewItems && await LoadPageAsync().ConfigureAwait(false) is { } failedPage)
        {
            return failedPage;
        }

        List<DigestItemId> unknown = Unknown(items, writtenBefore);
        if (unknown.Count > 0 && _lastIdOfPage is { } last &&
            await RemainingPages.ReadAsync(gateway, partition, last, _page.Count, unknown, record => _lookedUp[record.Id] = Note(Shared(record, window))).ConfigureAwait(false) is { } failedRest)
        {
            return failedRest;
        }

        if (unknown.Count > 0 && await LookUpAsync(unknown).ConfigureAwait(false) is { } failedLookup)
        {
            return failedLookup;
        }

        if (_areRulesChecked)
        {
            return null;
        }

        _areRulesChecked = true;
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

    private async Task<PageReply?> LoadPageAsync()
    {
        PageReply page = await (_firstPage ?? FirstPageAsync()).ConfigureAwait(false);
        if (new PageCursor().Advance(page) is { } fault)
        {
            return new PageReply { Fault = fault };
        }

        // A page that ends before the header's key does not tell whether there is a header.
        if (page.Next is null || string.CompareOrdinal(page.Next, RecordKeys.Header) >= 0)
        {
            NoteHeader(page.Header);
        }

        _page.EnsureCapacity(page.Items.Count);
        foreach (ItemRecord record in page.Items)
        {
            _page[record.Id] = Note(record);
        }

        (_isPageKnown, _pageEndsAt) = (true, page.Next);
        _lastIdOfPage = RecordKeys.TryParseItem(page.Next, out DigestItemId last) ? last : null;
        return null;
    }

    private Task<LookupReply?> LookUpAsync(List<DigestItemId> ids)
    {
        // On a mixed day the records may have other ids than the items.
        Dictionary<DigestItemId, DigestItemId>? itemIds = IsMixed ? ids.ToDictionary(StoredId) : null;
        return _lookup.ReadAsync(IsMixed ? ids.ConvertAll(StoredId) : ids, withHeader: !_isHeaderKnown, answer => Note(answer, itemIds));
    }

    private void Note(WindowLookup.Answer answer, Dictionary<DigestItemId, DigestItemId>? itemIds)
    {
        if (answer.IsHeaderKnown)
        {
            NoteHeader(answer.Header);
        }

        foreach (DigestItemId id in answer.Ids)
        {
            _lookedUp[itemIds is null ? id : itemIds[id]] = null;
        }

        foreach (ItemRecord record in answer.Items)
        {
            _lookedUp[itemIds is null ? record.Id : itemIds[record.Id]] = Note(record);
        }
    }

    // Ids of a day with another fingerprint cannot be compared with today's. The same holds for a day that has items and no header, since
    // its first run was killed and nobody knows its rules.
    private bool MayHaveOtherRules() =>
        Header is null ? _hasItems : !string.Equals(Header.IdRules, settings.Identity.Fingerprint, StringComparison.Ordinal);

    private async Task<PageReply?> MatchByUrlAsync()
    {
        List<ItemRecord> day = IsWholeDayKnown ? [.. _page.Values] : [];
        if (!IsWholeDayKnown &&
            await DayPages.ReadAllAsync(gateway, partition, consistent: true, page => day.AddRange(page.Items)).ConfigureAwait(false) is { } failed)
        {
            return failed;
        }

        _page.Clear();
        _lookedUp.Clear();
        foreach ((DigestItemId currentId, ItemRecord record) in MixedDay.MatchByUrl(day, settings.Identity, _now))
        {
            IsMixed |= currentId != record.Id;
            _page[currentId] = record;
        }

        IsMixed |= Header is not null;
        _mixedIds.Add(day.Where(record => !record.IsExpired(_now)));
        (_isPageKnown, _pageEndsAt, _lastIdOfPage) = (true, null, null);
        return null;
    }

    private DigestItemId StoredId(DigestItemId id)
    {
        if (!IsMixed)
        {
            return id;
        }

        if (_mixedIds.TryGetAssigned(id, out DigestItemId assigned))
        {
            return assigned;
        }

        return _page.TryGetValue(id, out ItemRecord? record) ? record.Id : id;
    }

    // On a long day most records are as the items are. They share the items' texts, so that those of the records are collected page by page:
    // if all were kept until the last page has come, the garbage collector would copy them several times.
    private static ItemRecord Shared(ItemRecord record, Window window) => window.Find(record.Id) is { } item ? record.SharingTextsOf(item.Content) : record;

    private ItemRecord Note(ItemRecord record)
    {
        _hasItems |= !record.IsExpired(_now);
        return record;
    }

    private void NoteHeader(HeaderRecord? header)
    {
        _isHeaderKnown = true;
        HeaderExpiredAt = header is not null && header.IsExpired(_now) ? header.ExpiresAt : null;
        IsHeaderDeleted = header is { IsDeleted: true, IsNewer: false };
        Header = header is { IsWrittenByStore: true } && HeaderExpiredAt is null && !IsHeaderDeleted ? header : null;
    }
}
