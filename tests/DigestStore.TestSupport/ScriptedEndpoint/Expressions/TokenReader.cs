namespace DigestStore.TestSupport;

internal sealed class TokenReader(string expression)
{
    private readonly string[] _tokens = Token.Split(expression);
    private int _next;

    public bool AtEnd => _next == _tokens.Length;

    public string Peek => AtEnd ? "" : _tokens[_next];

    public string PeekSecond => _next + 1 < _tokens.Length ? _tokens[_next + 1] : "";

    public string Take() => AtEnd ? throw SyntaxError() : _tokens[_next++];

    public bool TryTake(string word)
    {
        if (!Peek.Equals(word, StringComparison.OrdinalIgnoreCase) || AtEnd)
        {
            return false;
        }

        _next++;
        return true;
    }

    public void Expect(string word)
    {
        if (!TryTake(word))
        {
            throw SyntaxError();
        }
    }

    public DynamoDbError SyntaxError() => DynamoDbError.Validation($"Invalid expression: Syntax error; token: {Peek}, expression: {expression}");
}
