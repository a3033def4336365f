namespace DigestStore.CloudWatch;

// A number, or at most 100 of them, of one metric.
internal readonly record struct MetricPoint(string Name, string Unit, ReadOnlyMemory<double> Values, bool IsArray)
{
    private const int LongestNumber = 26;

    // More than it will take up on a line.
    public int MaxBytes => (4 * Name.Length) + (Values.Length * LongestNumber) + 128;
}

// Everything that was measured with one combination of tags, and has a total for the table or has none: it shares lines.
internal sealed class DimensionGroup(KeyValuePair<string, string>[] tags, bool hasTotal)
{
    public IReadOnlyList<KeyValuePair<string, string>> Tags => tags;

    public List<MetricPoint> Points { get; } = [];

    // The sets of a metric are metrics of their own for CloudWatch, so that a total needs no search expression: the finest, the
    // table's, and the table's by operation. Each is a list of places in the tags.
    public List<int[]> Sets()
    {
        int[] dimensions = [.. Places(static tag => !StoreTags.IsConstant(tag))];
        int[] table = [.. Places(StoreTags.IsTable)];
        int[] byOperation = [.. Places(static tag => StoreTags.IsTable(tag) || StoreTags.IsOperation(tag))];
        List<int[]> sets = [dimensions];
        if (table.Length > 0 && byOperation.Length > table.Length && byOperation.Length < dimensions.Length)
        {
            sets.Add(byOperation);
        }

        if (hasTotal && table.Length > 0 && table.Length < dimensions.Length)
        {
            sets.Add(table);
        }

        return sets;
    }

    private IEnumerable<int> Places(Func<string, bool> isWanted) => Enumerable.Range(0, tags.Length).Where(place => isWanted(tags[place].Key));
}
