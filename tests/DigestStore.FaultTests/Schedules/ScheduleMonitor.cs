using DigestStore.Records;
using DigestStore.Table;
using DigestStore.Testing;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.FaultTests;

/// <summary>The table itself, with every change of the header and the manifest judged where it is made. One request at a time comes here.</summary>
internal sealed class ScheduleMonitor(VirtualTimeProvider world, ScheduleProfile profile, RemovedClause? removed, Partition day, ScheduleFile? file)
{
    private readonly Lock _lock = new();
    private readonly InMemoryDigestStorage _storage = new();
    private readonly Dictionary<string, SendRun> _runs = new(StringComparer.Ordinal);
    private readonly List<string> _story = [];
    private readonly List<string> _broken = [];
    private long _lastFence;

    /// <summary>The attempt of a request that nobody gives up: a new one for each.</summary>
    public static Attempt Unhurried => new(CancellationToken.None);

    public IDigestTable Table => field ??= file?.Table ?? new InMemoryTable(_storage);

    /// <summary>Of the day: a deleted one that is stored again begins another.</summary>
    public int Life { get; private set; }

    /// <summary>When the header expired or was removed, so that only the manifest knows what was before.</summary>
    public List<TimeSpan> HeaderLosses { get; } = [];

    public List<TimeSpan> Deletions { get; } = [];

    public bool IsMarkedDelivered { get; private set; }

    /// <summary>The day was given up, or all its attempts were used.</summary>
    public bool MayBeGivenUp { get; private set; }

    public IReadOnlyList<string> Broken => _broken;

    public string Story => $"{profile}\n{string.Join('\n', _story)}";

    public void Tell(string line)
    {
        lock (_lock)
        {
            _story.Add($"  {world.Elapsed:hh\\:mm\\:ss\\.fff} {line}");
        }
    }

    public void Expect(bool isTrue, string claim)
    {
        if (!isTrue)
        {
            lock (_lock)
            {
                _broken.Add(claim);
                Tell("BROKEN: " + claim);
            }
        }
    }

    /// <summary>Whose token an acquisition has, also one that never arrives: the replay of a letter acquires with the token of its sender.</summary>
    public void Know(RecordUpdate acquisition, SendRun run)
    {
        lock (_lock)
        {
            run.Token = UpdateKinds.TokenOf(acquisition);
            _runs[run.Token!] = run;
        }
    }

    public UpdateReply Update(RecordUpdate update, SendRun? run, string who)
    {
        lock (_lock)
        {
            UpdateKind kind = UpdateKinds.Of(update);
            bool isHeader = update.Key.SortKey == RecordKeys.Header;
            StoredRecord? before = Read(update.Key);
            UpdateReply reply = Table.UpdateAsync(removed?.Remove(update) ?? update, Unhurried).Result;
            StoredRecord? after = Read(update.Key);
            Tell($"{who} {kind}{(isHeader ? "" : " (manifest)")}: {(reply.Fault is null ? "applied" : reply.IsRefused ? "refused" : reply.Fault.Code)}; {(isHeader ? Header(after) : Manifest(after))}");
            if (reply.Fault is not null)
            {
                return reply;
            }

            SendRun? holder = UpdateKinds.TokenOf(update) is { } token ? _runs.GetValueOrDefault(token) : null;
            if (isHeader)
            {
                Judge(kind, run, holder, before?.ToDelivery(), after!.ToDelivery());
            }
            else
            {
                Expect((before?.Number(N.Fence) ?? 0) <= after!.Number(N.Fence), $"the fence of the manifest goes back from {before?.Number(N.Fence)} to {after.Number(N.Fence)}");
                if (kind == UpdateKind.Confirm && run is { } confirming)
                {
                    confirming.ConfirmedAt ??= world.Elapsed;
                }
            }

            return reply;
        }
    }

    /// <summary>As DynamoDB does long after a record has expired.</summary>
    public void RemoveExpiredHeader()
    {
        lock (_lock)
        {
            if (Read(new RecordKey(day.Key, RecordKeys.Header))?.ToDelivery() is { ExpiresAt: { } expiresAt } header && expiresAt + profile.LongestHold < world.GetUtcNow())
            {
                Life += IsDeleted(header.Status) ? 1 : 0;
                if (file is null)
                {
                    _storage.With(day.Table, day.Key, static records => records.Remove(RecordKeys.Header));
                }
                else
                {
                    file.RemoveHeader(day);
                }

                HeaderLosses.Add(world.Elapsed);
                Tell("the expired header is removed");
            }
        }
    }

    public DeliveryRecord? ReadHeader() => Read(new RecordKey(day.Key, RecordKeys.Header))?.ToDelivery();

    private void Judge(UpdateKind kind, SendRun? run, SendRun? holder, DeliveryRecord? before, DeliveryRecord after)
    {
        TimeSpan now = world.Elapsed;
        DeliveryStatus? status = before is null ? DeliveryStatus.Pending : before.Status;
        bool wasExpired = before?.ExpiresAt <= world.GetUtcNow() + TimeSpan.FromSeconds(61);
        switch (kind)
        {
            case UpdateKind.Acquire or UpdateKind.BeginAnew:
                Expect(
                    kind == UpdateKind.BeginAnew ? wasExpired : status is DeliveryStatus.Pending or DeliveryStatus.Sending or DeliveryStatus.Failed,
                    $"a day that is {status}{(wasExpired ? " and has expired" : "")} was acquired");
                Expect(after.Fence > _lastFence, $"the fence {after.Fence} is not larger than {_lastFence}");
                _lastFence = Math.Max(_lastFence, after.Fence);
                if (kind == UpdateKind.BeginAnew)
                {
                    HeaderLosses.Add(now);
                }

                if (holder is not null)
                {
                    Grant(holder, after, now);
                }

                break;
            case UpdateKind.Renew:
                if (holder is not null)
                {
                    if (holder.LeaseEnd < now)
                    {
                        holder.Revivals.Add(now);
                    }

                    holder.LeaseEnd = EndOf(after.LeaseUntil!.Value, holder);
                }

                break;
            case UpdateKind.RaiseFence:
                _lastFence = Math.Max(_lastFence, after.Fence);
                if (holder is not null)
                {
                    holder.Fence = after.Fence;
                }

                break;
            case UpdateKind.Complete:
                if (holder is not null)
                {
                    holder.ReleasedAt ??= now;
                }

                // The replay of a letter may complete the header for the sender that has delivered the day.
                if (run is not null && run == holder)
                {
                    run.Complete(now, Life);
                }

                break;
            case UpdateKind.Fail:
                if (holder is not null)
                {
                    holder.ReleasedAt ??= now;
                }

                break;
            case UpdateKind.Resolve:
                Release(now, mayBeLive: profile.Forces, "an operator");
                IsMarkedDelivered |= after.Status == DeliveryStatus.Delivered;
                break;
            case UpdateKind.TakeDay:
                Release(now, mayBeLive: false, "a deletion");
                Deletions.Add(now);
                break;
            case UpdateKind.Store when before?.LeaseToken is not null && after.LeaseToken is null && !IsDeleted(status):
                Expect(wasExpired, "a store has removed a lease of a header that has not expired");
                Release(now, mayBeLive: false, "a store");
                HeaderLosses.Add(now);
                break;
        }

        Life += IsDeleted(status) && !IsDeleted(after.Status) ? 1 : 0;
        MayBeGivenUp |= after.Status == DeliveryStatus.Abandoned || after.Attempts >= profile.MaxAttempts;
        bool mayLeave = after.Status is DeliveryStatus.Delivered or DeliveryStatus.Deleting || wasExpired;
        Expect(status != DeliveryStatus.Delivered || mayLeave, $"a delivered day became {after.Status}");
    }

    private void Grant(SendRun run, DeliveryRecord after, TimeSpan now)
    {
        Release(now, mayBeLive: false, run.ToString(), except: run);
        run.Grants.Add(now);
        run.Fence = after.Fence;
        run.LeaseEnd = EndOf(after.LeaseUntil!.Value, run);
        run.ReleasedAt = null;
    }

    // Whoever takes the day ends the lease of the holder before, which must have been over.
    private void Release(TimeSpan now, bool mayBeLive, string taker, SendRun? except = null)
    {
        foreach (SendRun run in _runs.Values.Where(run => run != except && run.Grants.Count > 0 && run.ReleasedAt is null))
        {
            Expect(mayBeLive || !profile.DoClocksAgree || run.LeaseEnd <= now, $"{taker} has taken the day although the lease of {run} ends only at {run.LeaseEnd}");
            run.ReleasedAt = now;
        }
    }

    private static bool IsDeleted(DeliveryStatus? status) => status is DeliveryStatus.Deleting or DeliveryStatus.Deleted;

    private TimeSpan EndOf(DateTimeOffset leaseUntil, SendRun run) => leaseUntil - run.Clock.Offset - (world.GetUtcNow() - world.Elapsed);

    private StoredRecord? Read(RecordKey key) =>
        Table.LookupAsync(new LookupRequest(day.Table, [key], Consistent: true), Unhurried).Result.Records.SingleOrDefault();

    private static string Header(StoredRecord? record) => record?.ToDelivery() is { } header
        ? $"{header.Status}, token {header.LeaseToken?[..4]}, fence …{header.Fence % 1_000}, attempts {header.Attempts}, until {header.LeaseUntil:HH:mm:ss}, {header.LastError}, expires {header.ExpiresAt:HH:mm:ss}"
        : "no header";

    private static string Manifest(StoredRecord? record) => record is null
        ? "no manifest"
        : $"{record.Text(N.State)}, fence …{record.Number(N.Fence) % 1_000}, {record.Bytes(N.Ids)?.Length / 16 ?? 0} + {record.Bytes(N.PriorIds)?.Length / 16 ?? 0} ids";
}
