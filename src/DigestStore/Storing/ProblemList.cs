using DigestStore.Faults;

namespace DigestStore.Storing;

// The problems of one store call. Those of items are bounded in number. Those of the call itself are a few at most, and must not be lost
// behind the items' problems, so they always find room.
internal sealed class ProblemList(int maxItemProblems)
{
    private readonly List<StoreProblem> _problems = [];
    private int _itemProblems;

    public IReadOnlyList<StoreProblem> All => _problems;

    public void Add(StoreProblemReason reason, string? message) =>
        _problems.Add(new StoreProblem { Reason = reason, Message = message ?? ProblemMessages.Of(reason) });

    // The message is made here, so that items beyond the bound cost none.
    public void AddOfItem(int index, DigestItemId? id, DigestItemOutcome outcome, StoreProblemReason reason, FailureCause? cause = null)
    {
        if (_itemProblems < maxItemProblems)
        {
            _itemProblems++;
            _problems.Add(new StoreProblem { Index = index, Id = id, Outcome = outcome, Reason = reason, Message = cause?.MessageFor(reason) ?? ProblemMessages.Of(reason) });
        }
    }
}
