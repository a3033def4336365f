using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using DigestStore.Identity;
using static DigestStore.ContractTests.Model.ModelDefect;

namespace DigestStore.ContractTests.Model;

// The contract in its simplest form, written apart from the library's pipeline: a list in memory behind a lock. It shows that all
// clauses can be kept at once, and, with a defect, that they notice it. The requests it claims are those of the design's arithmetic.
internal sealed class ModelRepository(ModelStorage storage, DigestStoreOptions options, TimeProvider clock, ModelDefect defect = None) : IDigestRepository
{
    private readonly string _digest = defect == MixesDigests ? "" : options.DigestName;

    public Task<StoreResult> StoreAsync(DateOnly date, IEnumerable<DigestItem> items, StoreCallOptions? callOptions = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        if (defect is ReadsInputLate or LosesParallelWrites)
        {
            return Task.Run(async () =>
            {
                // The defect is lateness itself: the caller has changed its list long before this reads it.
                await Task.Delay(20, CancellationToken.None);
                return Store(date, ModelInput.Take(items, options.MaxItems), callOptions, cancellationToken);
            }, CancellationToken.None);
        }

        try
        {
            return Task.FromResult(Store(date, ModelInput.Take(items, defect == NeverEndsInput ? 100_000 : options.MaxItems), callOptions, cancellationToken));
        }
        catch (Exception exception)
        {
            return Task.FromException<StoreResult>(exception);
        }
    }

    public async Task<StoreResult> StoreAsync(DateOnly date, IAsyncEnumerable<DigestItem> items, StoreCallOptions? callOptions = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        return Store(date, await ModelInput.TakeAsync(items, cancellationToken), callOptions, cancellationToken);
    }

    public Task<Digest> GetAsync(DateOnly date, CancellationToken cancellationToken = default)
    {
        IEnumerable<StoredDigestItem> items = Live(date, cancellationToken);
        return Task.FromResult(new Digest(date, defect == LosesOrder ? items.Select(stored => stored with { Ordinal = 0 }) : items));
    }

    public async IAsyncEnumerable<StoredDigestItem> ReadAsync(DateOnly date, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        foreach (StoredDigestItem stored in Live(date, cancellationToken).OrderBy(stored => stored.Id))
        {
            yield return stored;
        }
    }

    public async Task<StoredDigestItem?> FindAsync(DateOnly date, string url, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        return Match(Live(date, cancellationToken), url).MinBy(stored => (stored.CreatedAt, stored.Id));
    }

    public async Task<StoredDigestItem?> FindAsync(DateOnly date, DigestItemId id, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        return Live(date, cancellationToken).Find(stored => stored.Id == id);
    }

    public async Task<bool> DeleteAsync(DateOnly date, string url, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        List<StoredDigestItem> matches = Match(Live(date, cancellationToken), url);
        return Delete(date, defect == DeletesOneOfMany ? [.. matches.Take(1)] : matches);
    }

    public async Task<bool> DeleteAsync(DateOnly date, DigestItemId id, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        return Delete(date, Live(date, cancellationToken).FindAll(stored => stored.Id == id));
    }

    private ModelDay Day(DateOnly date) => storage.Day(_digest, defect == MixesDates ? default : date);

    private List<StoredDigestItem> Live(DateOnly date, CancellationToken cancellationToken)
    {
        if (defect != IgnoresCancellation)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        if (!options.Enabled)
        {
            return defect == ReadsEmptyWhileDisabled ? [] : throw new DigestStoreException(DigestStoreErrorReason.Disabled, "The store is switched off.");
        }

        ModelDay day = Day(date);
        lock (day)
        {
            return [.. day.Items.Where(IsLive)];
        }
    }

    private bool IsLive(StoredDigestItem stored) => defect == ReturnsExpired || stored.ExpiresAt is null || stored.ExpiresAt > clock.GetUtcNow();

    private List<StoredDigestItem> Match(List<StoredDigestItem> live, string url)
    {
        if (!TryIdentify(url, out DigestItemId id))
        {
            return defect == AcceptsAnyUrlInFind ? [] : throw new ArgumentException("Not an http(s) URL.", nameof(url));
        }

        return live.FindAll(stored => defect == FindsBySpellingOnly ? stored.Item.Url == url : Matches(stored, id));
    }

    private bool Matches(StoredDigestItem stored, DigestItemId id) =>
        defect == IgnoresChangedRules ? stored.Id == id : TryIdentify(stored.Item.Url, out DigestItemId storedId) && storedId == id;

    private bool TryIdentify(string? url, out DigestItemId id) => DigestItemId.TryCreate(url, options.Identity, out id);

    private bool Delete(DateOnly date, List<StoredDigestItem> matches)
    {
        if (matches.Count == 0)
        {
            return defect == DeleteAlwaysTrue;
        }

        ModelDay day = Day(date);
        lock (day)
        {
            return defect == DeletesNothing || day.Items.RemoveAll(item => matches.Exists(match => match.Id == item.Id)) > 0;
        }
    }

    private StoreResult Store(DateOnly date, ModelInput input, StoreCallOptions? callOptions, CancellationToken cancellationToken)
    {
        var call = new ModelCall(date, input, options, callOptions, clock.GetUtcNow(), defect);
        if (!options.Enabled && defect != StoresWhileDisabled)
        {
            return call.Result(DigestItemOutcome.Skipped, disabled: true);
        }

        if (cancellationToken.IsCancellationRequested && defect != IgnoresCancellation)
        {
            throw new DigestStoreCanceledException(call.Result(DigestItemOutcome.Failed, StoreProblemReason.Canceled), cancellationToken);
        }

        if (callOptions?.Deadline <= TimeSpan.Zero && defect != IgnoresDeadline)
        {
            return call.Result(DigestItemOutcome.Failed, StoreProblemReason.DeadlineExceeded);
        }

        Dictionary<DigestItemId, (int First, int Last, DigestItem Item)> distinct = [];
        for (int index = 0; index < input.Items.Count; index++)
        {
            Take(call, distinct, index);
        }

        Write(call, Day(date), date, distinct);
        return call.Result();
    }

    private void Take(ModelCall call, Dictionary<DigestItemId, (int First, int Last, DigestItem Item)> distinct, int index)
    {
        (DigestItem? item, StoreProblemReason? reason) = ModelItem.Clean(call.Input.Items[index], options.Identity, defect);
        if (item is null || !TryIdentify(item.Url, out DigestItemId id))
        {
            call.Reject(index, reason ?? StoreProblemReason.UrlMalformed);
        }
        else if (!distinct.TryGetValue(id, out (int First, int Last, DigestItem Item) earlier))
        {
            distinct.Add(id, (index, index, item));
        }
        else
        {
            call.Outcomes[defect == FirstCopyWins ? index : earlier.Last] = defect == DropsDuplicatesSilently ? DigestItemOutcome.Unchanged : DigestItemOutcome.Duplicate;
            distinct[id] = defect == FirstCopyWins ? earlier : (earlier.First, index, item);
        }
    }

    private void Write(ModelCall call, ModelDay day, DateOnly date, Dictionary<DigestItemId, (int First, int Last, DigestItem Item)> distinct)
    {
        int written = 0;
        List<StoredDigestItem> before;
        lock (day)
        {
            before = [.. day.Items];
        }

        if (defect == LosesParallelWrites)
        {
            // The defect is a race, which another store of the same date has to win: it needs time in which to write.
            Thread.Sleep(20);
        }

        lock (day)
        {
            List<StoredDigestItem> items = defect == LosesParallelWrites ? before : [.. day.Items];
            items.RemoveAll(stored => !IsLive(stored));
            Dictionary<DigestItemId, int> places = [];
            for (int place = 0; place < items.Count; place++)
            {
                places.TryAdd(defect == IgnoresChangedRules || !TryIdentify(items[place].Item.Url, out DigestItemId under) ? items[place].Id : under, place);
            }

            HashSet<DigestItemId> ids = [.. items.Select(record => record.Id)];
            foreach ((DigestItemId id, (int first, int last, DigestItem item)) in distinct)
            {
                if (places.TryGetValue(id, out int place))
                {
                    StoredDigestItem old = items[place];
                    StoredDigestItem now = Changed(old, item, out call.Outcomes[last]);
                    now = defect == LosesPlaceOnUpdate && now.Revision > old.Revision ? now with { Ordinal = day.NextOrdinal + first } : now;
                    written += now == old ? 0 : 1;
                    items[place] = now;
                }
                else
                {
                    DigestItemId free = Free(id, ids);
                    ids.Add(free);
                    items.Add(New(free, date, item, day.NextOrdinal + first));
                    call.Outcomes[last] = DigestItemOutcome.Inserted;
                    written++;
                }
            }

            day.Items = items;
            day.NextOrdinal += call.Input.Items.Count;
        }

        int batches = defect == OneRequestPerItem ? written : (written + 24) / 25;
        call.Requests = distinct.Count == 0 ? 0 : 2 + batches;
    }

    private StoredDigestItem New(DigestItemId id, DateOnly date, DigestItem item, int ordinal) => new()
    {
        Id = id,
        Date = date,
        Item = item,
        CanonicalUrl = IdentityRuleSet.For(options.Identity).TryCanonicalize(item.Url, out string? canonical, out _) ? canonical : item.Url,
        CreatedAt = clock.GetUtcNow(),
        UpdatedAt = clock.GetUtcNow(),
        Ordinal = ordinal,
        ExpiresAt = Expiry(clock.GetUtcNow()),
    };

    private StoredDigestItem Changed(StoredDigestItem old, DigestItem item, out DigestItemOutcome outcome)
    {
        DateTimeOffset? expiry = Expiry(defect == UpdateMovesExpiry ? clock.GetUtcNow() : old.CreatedAt);
        bool later = old.ExpiresAt is not null && (expiry is null || expiry > old.ExpiresAt);
        StoredDigestItem kept = old with { ExpiresAt = later || defect == ShorterRetentionShortens ? expiry : old.ExpiresAt };
        if (old.Item == item with { Url = old.Item.Url } && (defect == KeepsOldLinks || Link(old.Item.Url) == Link(item.Url)) && defect != RewritesUnchanged)
        {
            outcome = DigestItemOutcome.Unchanged;
            return kept;
        }

        outcome = defect == RewritesUnchanged && old.Item == item ? DigestItemOutcome.Unchanged : DigestItemOutcome.Updated;
        return kept with
        {
            Item = item,
            UpdatedAt = clock.GetUtcNow(),
            CreatedAt = defect == ForgetsCreatedAt ? clock.GetUtcNow() : old.CreatedAt,
            Revision = defect == ForgetsRevision ? 1 : old.Revision + 1,
        };
    }

    private string Link(string url) => UrlWithoutTracking.Of(url, new IdentityRuleSet(options.Identity).Tracking);

    private DateTimeOffset? Expiry(DateTimeOffset createdAt) =>
        options.Retention is { } retention
            ? DateTimeOffset.FromUnixTimeSeconds((createdAt + retention).AddTicks(TimeSpan.TicksPerSecond - 1).ToUnixTimeSeconds())
            : null;

    // An id that a page of other rules holds is left to it.
    private static DigestItemId Free(DigestItemId id, HashSet<DigestItemId> taken)
    {
        while (taken.Contains(id))
        {
            id = DigestItemId.Parse(Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(id.ToString())))[..32]);
        }

        return id;
    }
}
