namespace DigestStore.Quality;

// The findings of one item, as bits. The number of a QualityFinding is the position of its bit, so these numbers must stay below 32.
internal readonly record struct FindingSet(int Bits)
{
    public bool IsEmpty => Bits == 0;

    public bool Has(QualityFinding finding) => (Bits & (1 << (int)finding)) != 0;

    public FindingSet With(QualityFinding finding, bool isFound) => isFound ? new FindingSet(Bits | (1 << (int)finding)) : this;
}
