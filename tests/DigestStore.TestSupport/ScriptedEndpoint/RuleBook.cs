namespace DigestStore.TestSupport;

internal sealed class RuleBook
{
    private readonly Lock _gate = new();
    private readonly List<Rule> _rules = [];

    public void Add(Rule rule)
    {
        lock (_gate)
        {
            _rules.Add(rule);
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _rules.Clear();
        }
    }

    // One request at a time, so that counts are exact and seeded answers come in the order of arrival.
    public Fault Choose(RecordedRequest request)
    {
        lock (_gate)
        {
            foreach (var rule in _rules)
            {
                if (rule.TryAnswer(request) is { } fault)
                {
                    return fault;
                }
            }
        }

        return Fault.None;
    }
}
