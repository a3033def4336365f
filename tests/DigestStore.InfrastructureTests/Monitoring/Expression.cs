namespace DigestStore.InfrastructureTests.Monitoring;

/// <summary>A parsed expression of CloudWatch's metric math or of Logs Insights; both have the same shapes.</summary>
internal abstract record Expression
{
    /// <summary>Every name in it, of metrics or of fields, functions not included.</summary>
    public IEnumerable<string> Names => this switch
    {
        Name name => [name.Value],
        Call call => call.Arguments.SelectMany(static argument => argument.Names),
        ListOf list => list.Members.SelectMany(static member => member.Names),
        Binary binary => binary.Left.Names.Concat(binary.Right.Names),
        _ => [],
    };

    /// <summary>Every function that it calls.</summary>
    public IEnumerable<string> Functions => this switch
    {
        Call call => call.Arguments.SelectMany(static argument => argument.Functions).Prepend(call.Function),
        Binary binary => binary.Left.Functions.Concat(binary.Right.Functions),
        _ => [],
    };

    internal sealed record Number(double Value) : Expression;

    internal sealed record Text(string Value) : Expression;

    internal sealed record Name(string Value) : Expression;

    internal sealed record Call(string Function, IReadOnlyList<Expression> Arguments) : Expression;

    internal sealed record ListOf(IReadOnlyList<Expression> Members) : Expression;

    internal sealed record Binary(string Operator, Expression Left, Expression Right) : Expression;
}
