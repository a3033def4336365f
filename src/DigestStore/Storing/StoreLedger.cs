using DigestStore.Quality;
using DigestStore.Resilience;

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

    public int Stored =>
        _outcomes.CountOf(DigestItemOutcome.Inserted) + _outcomes.CountOf(DigestItemOutcome.Updated) + _outcomes.CountOf(DigestItemOutcome.Unchanged);

    public int Inserted => _outcomes.CountOf(DigestItemOutcome.Inserted);

    public bool IsStored(int index)
    {
        lock (_gate)
        {
            return !_outcomes.IsPending(index) && _outcomes[index] is DigestItemOutcome.Inserted or DigestItemOutcome.Updated or DigestItemOutcome.Unchanged;
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

    public void Reject(int index, DigestItemId? id, DigestItem? item, StoreProblemReason reason)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _outcomes.Set(index, DigestItemOutcome.Rejected);
            _quality.Defect(item, reason);
            Note(index, id, DigestItemOutcome.Rejected, reason, null);
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

    // A later copy in a stream takes an earlier one's place. What it did to the table is what both did together.
    public void GiveWay(int earlier, PendingItem later)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            DigestItemOutcome before = _outcomes[earlier];
            if (before == DigestItemOutcome.Inserted || (before == DigestItemOutcome.Updated && _outcomes[later.Index] == DigestItemOutcome.Unchanged))
            {
                _outcomes.Set(later.Index, before);
            }

            _outcomes.Set(earlier, DigestItemOutcome.Duplicate);
            _quality.Duplicate(later.Content.Source);
        }
    }

    public void Fail(PendingItem item, StoreProblemReason reason, string? message = null)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            item.Failure = reason;
            _outcomes.Set(item.Index, DigestItemOutcome.Failed);
            Note(item.Index, item.Id, DigestItemOutcome.Failed, reason, message);
        }
    }

    // What an unexpected end has left without an outcome.
    public void FailUnsettled(IReadOnlyList<PendingItem> items, StoreProblemReason reason)
    {
        lock (_gate)
        {
            foreach (PendingItem item in items)
            {
                if (_outcomes.IsPending(item.Index))
                {
                    Fail(item, reason);
                }
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

    // The same, for items that nobody holds any more.
    public void FailRest(StoreProblemReason reason)
    {
        lock (_gate)
        {
            for (int index = 0; _outcomes.Settled < _outcomes.Count && index < _outcomes.Count; index++)
            {
                if (_outcomes.IsPending(index))
                {
                    _outcomes.Set(index, DigestItemOutcome.Failed);
                    Note(index, null, DigestItemOutcome.Failed, reason, null);
                }
            }
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
                Requests = scope.Requests,
                Retries = scope.Retries,
                ReadUnits = scope.ReadUnits,
                WriteUnits = scope.WriteUnits,
                Duration = scope.Elapsed,
                CorrelationId = correlationId,
                Quality = _quality.ToQuality(),
            });
        }
    }

    private void Note(int index, DigestItemId? id, DigestItemOutcome outcome, StoreProblemReason reason, string? message)
    {
        if (_itemProblems < maxProblems)
        {
            _itemProblems++;
            _problems.Add(new StoreProblem { Index = index, Id = id, Outcome = outcome, Reason = reason, Message = message ?? ProblemMessages.Of(reason) });
        }
    }
}
