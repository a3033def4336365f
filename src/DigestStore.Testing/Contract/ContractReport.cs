namespace DigestStore.Testing;

/// <summary>Which clauses of the contract a subject was tested against, and which do not apply to it.</summary>
public sealed class ContractReport
{
    internal ContractReport(IReadOnlyList<ContractClause> verified, IReadOnlyList<ContractClause> notApplicable) => (Verified, NotApplicable) = (verified, notApplicable);

    /// <summary>The clauses that were run and hold.</summary>
    public IReadOnlyList<ContractClause> Verified { get; }

    /// <summary>The clauses that were not run, because the subject does not offer what they are about, for example no <see cref="IDigestDelivery"/>.</summary>
    public IReadOnlyList<ContractClause> NotApplicable { get; }

    /// <summary>How many clauses hold, and which themes were left out.</summary>
    /// <returns>For example <c>150 clauses hold. Left out, since the subject does not offer it: Delivery (18 clauses).</c></returns>
    public override string ToString()
    {
        string left = string.Join(", ", NotApplicable.GroupBy(clause => clause.Theme).Select(static theme => $"{theme.Key} ({theme.Count()} clauses)"));
        return $"{Verified.Count} clauses hold." + (left.Length > 0 ? $" Left out, since the subject does not offer it: {left}." : "");
    }
}
