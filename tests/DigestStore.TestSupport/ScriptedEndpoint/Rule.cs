namespace DigestStore.TestSupport;

/// <summary>A condition, an answer, and how often it may be given.</summary>
public sealed class Rule
{
    private readonly Func<RecordedRequest, bool> _condition;
    private readonly Func<RecordedRequest, Fault> _answer;
    private int _limit = int.MaxValue;
    private int _hits;

    internal Rule(Func<RecordedRequest, bool> condition, Func<RecordedRequest, Fault> answer)
    {
        _condition = condition;
        _answer = answer;
    }

    /// <summary>How many requests it has answered.</summary>
    public int Hits => Volatile.Read(ref _hits);

    /// <summary>Used up after so many answers; without this, never.</summary>
    public Rule Times(int count)
    {
        Volatile.Write(ref _limit, count);
        return this;
    }

    /// <inheritdoc cref="Times"/>
    public Rule Once() => Times(1);

    internal Fault? TryAnswer(RecordedRequest request)
    {
        if (_hits >= _limit || !_condition(request))
        {
            return null;
        }

        _hits++;
        return _answer(request);
    }
}
