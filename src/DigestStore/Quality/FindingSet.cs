namespace DigestStore.Quality;

// The findings of one item, a bit each.
internal readonly record struct FindingSet(int Bits)
{
    public static readonly int Kinds = Enum.GetValues<QualityFinding>().Length;

    public bool IsEmpty => Bits == 0;

    public bool Has(QualityFinding finding) => (Bits & (1 << (int)finding)) != 0;

    public FindingSet With(QualityFinding finding, bool isFound) => isFound ? new FindingSet(Bits | (1 << (int)finding)) : this;
}
