namespace DigestStore.CloudWatch;

// One value of a metric, or an array of at most 100 values.
internal readonly record struct MetricPoint(string Name, string Unit, ReadOnlyMemory<double> Values, bool IsArray)
{
    private const int LongestNumber = 26;

    // An upper bound for the bytes that the point takes up on a line.
    public int MaxBytes => (4 * Name.Length) + (Values.Length * LongestNumber) + 128;
}

// The points that were measured with one combination of tags, which are written to the same lines. Metrics with a total for the table are
// kept apart from those without, because the dimension sets of a line apply to all its metrics.
internal sealed class DimensionGroup(KeyValuePair<string, string>[] tags, bool hasTotal)
{
    public IReadOnlyList<KeyValuePair<string, string>> Tags => tags;

    public List<MetricPoint> Points { get; } = [];

    // Each set makes a metric of its own in CloudWatch, so that a total needs no search expression: one set has all dimensions, one the
    // table, and one the table and the operation. A set is a list of indexes into the tags.
    public List<int[]> DimensionSets()
    {
        int[] dimensions = [.. IndexesOf(static tag => !StoreTags.IsDatabaseSystem(tag))];
        int[] table = [.. IndexesOf(StoreTags.IsTable)];
        int[] byOperation = [.. IndexesOf(static tag => StoreTags.IsTable(tag) || StoreTags.IsOperation(tag))];
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

    private IEnumerable<int> IndexesOf(Func<string, bool> isWanted) => Enumerable.Range(0, tags.Length).Where(index => isWanted(tags[index].Key));
}
