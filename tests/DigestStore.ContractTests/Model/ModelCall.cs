using System.Diagnostics;
using static DigestStore.ContractTests.Model.ModelDefect;

namespace DigestStore.ContractTests.Model;

// One store: its outcomes and problems so far, and the result made of them.
internal sealed class ModelCall(DateOnly date, ModelInput input, DigestStoreOptions options, StoreCallOptions? callOptions, DateTimeOffset now, ModelDefect defect)
{
    private readonly List<StoreProblem> _problems = [];
    private readonly Dictionary<int, StoreProblemReason> _rejected = [];

    public ModelInput Input { get; } = input;

    public DigestItemOutcome[] Outcomes { get; } = new DigestItemOutcome[input.Items.Count];

    public int Requests { get; set; }

    public void Reject(int index, StoreProblemReason reason)
    {
        Outcomes[index] = DigestItemOutcome.Rejected;
        if (defect == FailsTheNeighbours && index > 0)
        {
            Outcomes[index - 1] = DigestItemOutcome.Failed;
        }

        _rejected[index] = reason;
        Problem(reason, index, DigestItemOutcome.Rejected);
    }

    public StoreResult Result(DigestItemOutcome outcomeOfAll, StoreProblemReason? reason = null, bool disabled = false)
    {
        Array.Fill(Outcomes, outcomeOfAll);
        for (int index = 0; index < Outcomes.Length && reason is not null; index++)
        {
            Problem(reason.Value, index, outcomeOfAll);
        }

        return Result(disabled);
    }

    public StoreResult Result(bool disabled = false)
    {
        if (Input.Error is not null)
        {
            if (defect == ThrowsInputError)
            {
                throw Input.Error;
            }

            Problem(StoreProblemReason.InputBrokeOff, null, null);
        }

        Report();
        return StoreResult.Create(defect == CappedCounts ? Outcomes.Take(100) : Outcomes, new StoreResultDetails
        {
            Disabled = disabled,
            InputError = defect == SwallowsInputError ? null : Input.Error,
            Problems = _problems,
            Cost = new StoreCost { Requests = Requests },
            CorrelationId = CorrelationId(),
            Quality = ModelQuality.Of(Input.Items, Outcomes, _rejected, date, now, defect),
        });
    }

    private void Problem(StoreProblemReason reason, int? index, DigestItemOutcome? outcome)
    {
        if (_problems.Count < options.MaxProblems)
        {
            _problems.Add(new StoreProblem { Index = index, Outcome = outcome, Reason = reason, Message = "See the rule of " + reason });
        }
    }

    private void Report()
    {
        try
        {
            if (defect != NoProgress)
            {
                int count = Outcomes.Length;
                callOptions?.Progress?.Report(new StoreProgress { Received = count, Settled = count, Failed = 0, Requests = Requests, Total = count });
            }
        }
        catch (Exception) when (defect != ProgressCanThrow)
        {
            // The caller's own handler does no harm.
        }
    }

    private string CorrelationId()
    {
        string id = callOptions?.CorrelationId ?? Activity.Current?.TraceId.ToHexString() ?? Guid.NewGuid().ToString("N");
        return defect == NoCorrelationId
            ? ""
            : new string([.. id.Select(character => char.IsControl(character) ? ' ' : character).Take(128)]);
    }
}
