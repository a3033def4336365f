using DigestStore.Day;
using DigestStore.Manifests;
using DigestStore.Records;
using DigestStore.Table;
using DigestStore.Telemetry;

namespace DigestStore.History;

// Finds which URLs were sent in the days before a date: one query of their manifests, however many URLs there are.
internal sealed class SentFinder(HistorySources sources)
{
    // With a total deadline the whole call takes no longer than it. Without one, ReadDeadline bounds each request.
    public async Task<SentLookup> FindAsync(DateOnly date, IReadOnlyCollection<string> urls, int days, TimeSpan? total, CancellationToken cancellationToken)
    {
        // The day itself is left out, so that a second run of today does not hide what the first one sent.
        DateOnly from = DateOnly.FromDayNumber(Math.Max(0, date.DayNumber - days));
        DateOnly to = DateOnly.FromDayNumber(Math.Max(0, date.DayNumber - 1));
        using HistoryCall call = sources.Begin(ReadCallTelemetry.FindSent, from, to, cancellationToken, total);
        var urlsSent = new SentUrls(urls, sources.Settings.Identity);
        if (!urlsSent.IsEmpty && date > DateOnly.MinValue)
        {
            await AddManifestsAsync(call, urlsSent, from, to, isExtended: total is null).ConfigureAwait(false);
        }

        SentLookup lookup = urlsSent.ToLookup(from, to);
        call.Telemetry.Items = lookup.Sent.Count;
        call.Telemetry.Done();
        return lookup;
    }

    private async Task AddManifestsAsync(HistoryCall call, SentUrls urls, DateOnly from, DateOnly to, bool isExtended)
    {
        var cursor = new RangeCursor(new PageRequest(sources.Settings.Options.TableName, RecordKeys.Sent(sources.Settings.Options.DigestName), Consistent: true)
        {
            From = RecordKeys.Manifest(from),
            To = RecordKeys.AfterManifest(to),
        });
        DateOnly day = default;
        var parts = new List<StoredRecord>();

        // The loop ends, because the cursor limits the number of pages.
        while (!cursor.IsAtEnd)
        {
            PageReply page = await call.Gateway.QueryAsync(cursor.Request).ConfigureAwait(false);
            call.ThrowIfFailed(cursor.Advance(page), page.Operation);
            foreach (StoredRecord record in page.Records)
            {
                if (!RecordKeys.TryParseManifest(record.Key.SortKey, out DateOnly date, out _))
                {
                    continue;
                }

                if (date != day)
                {
                    await AddDayAsync(call, urls, day, parts, isExtended).ConfigureAwait(false);
                    parts.Clear();
                    day = date;
                }

                parts.Add(record);
            }

            Extend(call, isExtended);
        }

        await AddDayAsync(call, urls, day, parts, isExtended).ConfigureAwait(false);
    }

    private async Task AddDayAsync(HistoryCall call, SentUrls urls, DateOnly day, List<StoredRecord> parts, bool isExtended)
    {
        if (ManifestReader.Read(day, parts) is { } manifest && !urls.TryAdd(manifest))
        {
            Extend(call, isExtended);
            await AddItemsAsync(call, urls, manifest).ConfigureAwait(false);
        }
    }

    // The ids of the manifest cannot be compared with those of the URLs. The items of the day have both: the id under which they are stored,
    // and the URL, of which today's id is made. What is not there any more cannot be checked.
    private async Task AddItemsAsync(HistoryCall call, SentUrls urls, Manifest manifest)
    {
        Partition partition = sources.Settings.PartitionOf(manifest.Date);
        HashSet<DigestItemId> missing = [.. manifest.Ids, .. manifest.PriorIds];
        bool isMixed = false;
        PageReply? failed = await DayPages.ReadAllAsync(call.Gateway, partition, consistent: true, page =>
        {
            isMixed |= string.Equals(page.Header?.IdRules, MixedDay.Fingerprint, StringComparison.Ordinal);
            foreach (ItemRecord record in page.Items)
            {
                // The canonical URL is that of the rules with which the item was last written, which may be those of the manifest.
                DigestItemId? byUrl = record.Stored is { CanonicalUrl: { Length: > 0 } canonical } ? DigestItemId.FromCanonical(canonical) : null;
                DigestItemId id = byUrl is { } other && !Has(manifest, record.Id) && Has(manifest, other) ? other : record.Id;
                missing.Remove(id);

                // On a mixed day an id does not say which page an item is, so every item may have been sent.
                if (Has(manifest, id) || isMixed)
                {
                    urls.Add(record.Stored?.Item.Url, manifest.Date, isCertain: manifest.State == ManifestState.Delivered && manifest.Ids.Contains(id));
                }
            }
        }).ConfigureAwait(false);
        call.ThrowIfFailed(failed);
        if (missing.Count > 0)
        {
            urls.AddUnchecked(manifest.Date);
        }
    }

    private static bool Has(Manifest manifest, DigestItemId id) => manifest.Ids.Contains(id) || manifest.PriorIds.Contains(id);

    private static void Extend(HistoryCall call, bool isExtended)
    {
        if (isExtended)
        {
            call.NextStep();
        }
    }
}
