using DigestStore.Calls;
using DigestStore.Faults;
using DigestStore.Quality;

namespace DigestStore.Storing;

// Keeps the promise that every item ends in exactly one outcome. The workers and the preparer write to it at the same time.
internal sealed class StoreLedger(int maxProblems)
{
    private readonly Lock _lock = new();
    private readonly OutcomeList _outcomes = new();
    private readonly ProblemList _problems = new(maxProblems);
    private readonly QualityCounter _quality = new();

    // The result has been made, and shows these lists. What an abandoned producer or request still brings does not change it any more.
    private bool _isClosed;

    public int Received => _outcomes.Count;

    public int Settled => _outcomes.Settled;

    public int Failed => _outcomes.CountOf(DigestItemOutcome.Failed);

    public int Skipped => _outcomes.CountOf(DigestItemOutcome.Skipped);

    public int Stored =>
        _outcomes.CountOf(DigestItemOutcome.Inserted) + _outcomes.CountOf(DigestItemOutcome.Updated) + _outcomes.CountOf(DigestItemOutcome.Unchanged);

    public int Inserted => _outcomes.CountOf(DigestItemOutcome.Inserted);

    public bool IsStored(int index)
    {
        lock (_lock)
        {
            return _outcomes[index] is DigestItemOutcome.Inserted or DigestItemOutcome.Updated or DigestItemOutcome.Unchanged;
        }
    }

    public int Receive(DigestItem? item, FindingSet findings = default)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return _outcomes.Count;
            }

            _quality.Add(item, findings);
            return _outcomes.AddPending();
        }
    }

    // Receives items that were not prepared, because the call is over.
    public void ReceiveUnprepared(int items)
    {
        lock (_lock)
        {
            for (int item = 0; item < items; item++)
            {
                _outcomes.AddPending();
            }
        }
    }

    public void CountFindings(DigestItem? item, FindingSet findings)
    {
        lock (_lock)
        {
            _quality.Add(item, findings);
        }
    }

    public void Reject(int index, DigestItemId? id, DigestItem? item, StoreProblemReason reason, string? message = null)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return;
            }

            _outcomes.Set(index, DigestItemOutcome.Rejected);
            _quality.AddDefect(item, reason);
            _problems.AddOfItem(index, id, DigestItemOutcome.Rejected, reason, new FailureCause(reason) { Message = message });
        }
    }

    public void Settle(int index, DigestItemOutcome outcome)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return;
            }

            _outcomes.Set(index, outcome);
        }
    }

    public void Duplicate(int earlier, DigestItem later)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return;
            }

            _outcomes.Set(earlier, DigestItemOutcome.Duplicate);
            _quality.AddDuplicate(later);
        }
    }

    // Called when the later copy of a page cannot be stored: the earlier copy is then no duplicate of it.
    public void Reinstate(int earlier, DigestItem later)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return;
            }

            _outcomes.Reopen(earlier);
            _quality.RemoveDuplicate(later);
        }
    }

    // In a stream, a later copy that is stored, or may be, takes the place of an earlier one. The earlier copy becomes a duplicate, unless
    // it has been reported as failed. The later copy gets the outcome of all copies together: if the first one inserted the record, it is
    // Inserted. This needs a later copy that is known to be stored. If it only may be stored, the outcome so far is returned, and the
    // caller hands it in again, as unreported, with the next copy.
    public DigestItemOutcome? Supersede(int earlier, PendingItem later, DigestItemOutcome? unreported)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return null;
            }

            DigestItemOutcome before = _outcomes[earlier];
            DigestItemOutcome did = unreported ?? before;
            bool isStored = IsStored(later.Index);
            if (isStored && (did == DigestItemOutcome.Inserted || (did == DigestItemOutcome.Updated && _outcomes[later.Index] == DigestItemOutcome.Unchanged)))
            {
                _outcomes.Set(later.Index, did);
            }

            if (before != DigestItemOutcome.Failed)
            {
                _outcomes.Set(earlier, DigestItemOutcome.Duplicate);
                _quality.AddDuplicate(later.Content.Item);
            }

            return !isStored && did is (DigestItemOutcome.Inserted or DigestItemOutcome.Updated) ? did : null;
        }
    }

    public void Fail(PendingItem item, FailureCause cause)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return;
            }

            StoreProblemReason reason = item.Fail(cause.Reason);
            _outcomes.Set(item.Index, DigestItemOutcome.Failed);
            _problems.AddOfItem(item.Index, item.Id, DigestItemOutcome.Failed, reason, cause);
        }
    }

    // Settles an item that no request was made for, for the reason that holds for the whole call.
    public void SettleUnsent(PendingItem item, StoreProblemReason reason)
    {
        if (reason == StoreProblemReason.Disabled)
        {
            Settle(item.Index, DigestItemOutcome.Skipped);

            // A letter may be written of the item, and a letter needs a reason.
            item.Fail(reason);
            return;
        }

        Fail(item, new FailureCause(reason));
    }

    // Called after a defect of the library, when some items have no outcome yet.
    public void FailUnsettled(IReadOnlyList<PendingItem> items, FailureCause cause)
    {
        lock (_lock)
        {
            foreach (PendingItem item in items)
            {
                if (_outcomes.IsPending(item.Index))
                {
                    Fail(item, cause);
                }
            }
        }
    }

    // Fails every item that has no outcome yet, or skips it if the store is switched off.
    public void FailRest(StoreProblemReason reason)
    {
        lock (_lock)
        {
            // The loop ends, because every item before the index has its outcome.
            for (int index = 0; _outcomes.Settled < _outcomes.Count; index++)
            {
                if (!_outcomes.IsPending(index))
                {
                    continue;
                }

                if (reason == StoreProblemReason.Disabled)
                {
                    _outcomes.Set(index, DigestItemOutcome.Skipped);
                    continue;
                }

                _outcomes.Set(index, DigestItemOutcome.Failed);
                _problems.AddOfItem(index, null, DigestItemOutcome.Failed, reason);
            }
        }
    }

    // Adds a problem of the call itself.
    public void Problem(StoreProblemReason reason, string? message = null)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return;
            }

            _problems.Add(reason, message);
        }
    }

    public StoreProgress Progress(CallScope scope, int? total)
    {
        lock (_lock)
        {
            return new StoreProgress { Received = Received, Settled = Settled, Failed = Failed, Requests = scope.Requests, Total = total };
        }
    }

    public StoreResult ToResult(CallScope scope, string correlationId, Exception? inputError, int deadLettered, bool disabled)
    {
        lock (_lock)
        {
            _isClosed = true;
            return new StoreResult(_outcomes, new StoreResultDetails
            {
                Problems = _problems.All,
                InputError = inputError,
                Disabled = disabled,
                DeadLettered = deadLettered,
                Cost = new StoreCost { Requests = scope.Requests, Retries = scope.Retries, ReadUnits = scope.ReadUnits, WriteUnits = scope.WriteUnits },
                Duration = scope.Elapsed,
                CorrelationId = correlationId,
                Quality = _quality.ToQuality(),
            });
        }
    }
}
