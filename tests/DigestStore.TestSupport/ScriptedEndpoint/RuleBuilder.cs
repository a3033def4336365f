namespace DigestStore.TestSupport;

/// <summary>The condition of a rule; every call narrows it. <see cref="Answer(Fault)"/> puts the rule in force.</summary>
public sealed class RuleBuilder
{
    private readonly RuleBook _rules;
    private readonly List<Func<RecordedRequest, bool>> _conditions = [];

    internal RuleBuilder(RuleBook rules, string? operation)
    {
        _rules = rules;
        if (operation is not null)
        {
            _conditions.Add(request => request.Operation == operation);
        }
    }

    /// <summary>Only the request of that number, counted from 1 within its operation.</summary>
    public RuleBuilder Nth(int number) => When(request => request.Number == number);

    /// <summary>That request and every later one of its operation.</summary>
    public RuleBuilder From(int number) => When(request => request.Number >= number);

    public RuleBuilder When(Func<RecordedRequest, bool> condition)
    {
        _conditions.Add(condition);
        return this;
    }

    /// <summary>Answers every such request so; <see cref="Rule.Times"/> limits it.</summary>
    public Rule Answer(Fault fault) => Answer(_ => fault);

    /// <summary>Chooses an answer per request, one request at a time; <see cref="Fault.None"/> is the healthy one.</summary>
    public Rule Answer(Func<RecordedRequest, Fault> choose)
    {
        Func<RecordedRequest, bool>[] conditions = [.. _conditions];
        var rule = new Rule(request => conditions.All(condition => condition(request)), choose);
        _rules.Add(rule);
        return rule;
    }
}
