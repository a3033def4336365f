using DigestStore.Calls;
using DigestStore.Faults;
using DigestStore.Quality;

namespace DigestStore.Storing;

// Keeps the promise that every item ends in exactly one outcome. Workers and the intake write to it at the same time.
internal sealed class StoreLedger(int maxProblems)
{
    private readonly Lock _gate = new();
    private readonly OutcomeList _outcomes = new();
    private readonly List<StoreProblem> _problems = [];
    private readonly QualityCounter _quality = new();
    private int _itemProblems;

    // The result is out: it shows these lists, and what a producer or a request that was left behind still brings is not part of it.
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
        lock (_gate)
        {
            return _outcomes[index] is DigestItemOutcome.Inserted or DigestItemOutcome.Updated or DigestItemOutcome.Unchanged;
        }
    }

    public int Receive(DigestItem? item, FindingSet findings = default)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return _outcomes.Count;
            }

            _quality.Add(item, findings);
            return _outcomes.AddPending();
        }
    }

    // Items of the input that nobody has looked at. Only a call that is over has any.
    public void ReceiveUnseen(int items)
    {
        lock (_gate)
        {
            for (int item = 0; item < items; item++)
            {
                _outcomes.AddPending();
            }
        }
    }

    public void Inspect(DigestItem? item, FindingSet findings)
    {
        lock (_gate)
        {
            _quality.Add(item, findings);
        }
    }

    public void Reject(int index, DigestItemId? id, DigestItem? item, StoreProblemReason reason, string? message = null)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _outcomes.Set(index, DigestItemOutcome.Rejected);
            _quality.Defect(item, reason);
            Note(index, id, DigestItemOutcome.Rejected, reason, new FailureCause(reason) { Message = message });
        }
    }

    public void Settle(int index, DigestItemOutcome outcome)
    {
        lock (_gate)
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
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _outcomes.Set(earlier, DigestItemOutcome.Duplicate);
            _quality.Duplicate(later);
        }
    }

    // The later copy of the page cannot be stored, so the earlier one did not give way to it after all.
    public void Reinstate(int earlier, DigestItem later)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _outcomes.Reopen(earlier);
            _quality.Reinstate(later);
        }
    }

    // A later copy in a stream takes an earlier one's place when it is stored or may be. What it did to the table is what both did together,
    // and what this call owes to the id since a copy that only may be stored. An earlier copy that failed was reported as failed, and stays
    // so. The answer is what is owed now: the later copy cannot tell it, since it only may be stored.
    public DigestItemOutcome? GiveWay(int earlier, PendingItem later, DigestItemOutcome? owed)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return null;
            }

            DigestItemOutcome before = _outcomes[earlier];
            DigestItemOutcome did = owed ?? before;
            bool isStored = IsStored(later.Index);
            if (isStored && (did == DigestItemOutcome.Inserted || (did == DigestItemOutcome.Updated && _outcomes[later.Index] == DigestItemOutcome.Unchanged)))
            {
                _outcomes.Set(later.Index, did);
            }

            if (before != DigestItemOutcome.Failed)
            {
                _outcomes.Set(earlier, DigestItemOutcome.Duplicate);
                _quality.Duplicate(later.Content.Source);
            }

            return !isStored && did is (DigestItemOutcome.Inserted or DigestItemOutcome.Updated) ? did : null;
        }
    }

    public void Fail(PendingItem item, FailureCause cause)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            StoreProblemReason reason = item.Fail(cause.Reason);
            _outcomes.Set(item.Index, DigestItemOutcome.Failed);
            Note(item.Index, item.Id, DigestItemOutcome.Failed, reason, cause);
        }
    }

    // An item that was never tried, for the reason that the call itself has.
    public void SettleUnsent(PendingItem item, StoreProblemReason reason)
    {
        if (reason == StoreProblemReason.Disabled)
        {
            Settle(item.Index, DigestItemOutcome.Skipped);

            // A letter is written of it, which needs a reason.
            item.Fail(reason);
            return;
        }

        Fail(item, new FailureCause(reason));
    }

    // What an unexpected end has left without an outcome.
    public void FailUnsettled(IReadOnlyList<PendingItem> items, FailureCause cause)
    {
        lock (_gate)
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

    // Fails every item that has no outcome yet and was never handed to the writer. When the store is switched off, such items are skipped
    // instead.
    public void FailRest(StoreProblemReason reason)
    {
        lock (_gate)
        {
            // Ends: an item that has no outcome yet is at this place or after it.
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
                Note(index, null, DigestItemOutcome.Failed, reason);
            }
        }
    }

    // The call's own: a few at most, which come last and must not be lost behind the items'.
    public void Problem(StoreProblemReason reason, string? message = null)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _problems.Add(new StoreProblem { Reason = reason, Message = message ?? ProblemMessages.Of(reason) });
        }
    }

    public StoreProgress Progress(CallScope scope, int? total)
    {
        lock (_gate)
        {
            return new StoreProgress { Received = Received, Settled = Settled, Failed = Failed, Requests = scope.Requests, Total = total };
        }
    }

    public StoreResult ToResult(CallScope scope, string correlationId, Exception? inputError, int deadLettered, bool disabled)
    {
        lock (_gate)
        {
            _isClosed = true;
            return new StoreResult(_outcomes, new StoreResultDetails
            {
                Problems = _problems,
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

    private void Note(int index, DigestItemId? id, DigestItemOutcome outcome, StoreProblemReason reason, FailureCause? cause = null)
    {
        if (_itemProblems < maxProblems)
        {
            _itemProblems++;
            _problems.Add(new StoreProblem { Index = index, Id = id, Outcome = outcome, Reason = reason, Message = cause?.MessageFor(reason) ?? ProblemMessages.Of(reason) });
        }
    }
}
