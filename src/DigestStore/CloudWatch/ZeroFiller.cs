namespace DigestStore.CloudWatch;

// Finds the zeros to add. Without a zero, a ratio of two metrics has no value in an interval in which one of them was not measured. Only
// tables for which something was measured get zeros.
internal sealed class ZeroFiller
{
    private readonly HashSet<string> _tables = new(StringComparer.Ordinal);
    private readonly HashSet<string> _stores = new(StringComparer.Ordinal);
    private readonly HashSet<string> _deliveries = new(StringComparer.Ordinal);
    private readonly HashSet<(string Table, string Metric, string Outcome)> _seen = [];

    public void Observe(TrackedInstrument instrument, IReadOnlyList<KeyValuePair<string, string>> tags)
    {
        string? table = ValueOf(tags, StoreTags.IsTable);
        if (table is null)
        {
            return;
        }

        _tables.Add(table);
        _seen.Add((table, instrument.Name, ""));
        if (ValueOf(tags, static tag => tag == StoreTags.Outcome) is { } outcome)
        {
            _seen.Add((table, instrument.Name, outcome));
        }

        if (instrument.Name == StoreTags.StoreItems)
        {
            _stores.Add(table);
        }
        else if (instrument.Name == StoreTags.DeliveryAttempts)
        {
            _deliveries.Add(table);
        }
    }

    public IEnumerable<(TrackedInstrument Instrument, KeyValuePair<string, string>[] Tags)> MissingZeros()
    {
        foreach (string table in _tables)
        {
            foreach (TrackedInstrument instrument in StoreTags.AlwaysCounted.Concat(_stores.Contains(table) ? StoreTags.CountedWithStores : []))
            {
                if (!_seen.Contains((table, instrument.Name, "")))
                {
                    yield return (instrument, [new(StoreTags.Table, table)]);
                }
            }
        }

        foreach ((string table, string metric, string outcome) in Outcomes())
        {
            if (!_seen.Contains((table, metric, outcome)))
            {
                yield return (new TrackedInstrument(metric, "Count", IsCounter: true), [new(StoreTags.Outcome, outcome), new(StoreTags.Table, table)]);
            }
        }
    }

    private IEnumerable<(string Table, string Metric, string Outcome)> Outcomes() =>
        Outcomes(_stores, StoreTags.StoreItems, StoreTags.StoreOutcomes)
            .Concat(Outcomes(_stores, StoreTags.DeadLetters, StoreTags.LetterOutcomes))
            .Concat(Outcomes(_deliveries, StoreTags.DeliveryAttempts, StoreTags.DeliveryOutcomes));

    private static IEnumerable<(string Table, string Metric, string Outcome)> Outcomes(HashSet<string> tables, string metric, string[] outcomes) =>
        from table in tables from outcome in outcomes select (table, metric, outcome);

    private static string? ValueOf(IReadOnlyList<KeyValuePair<string, string>> tags, Func<string, bool> isWanted)
    {
        foreach ((string name, string value) in tags)
        {
            if (isWanted(name))
            {
                return value;
            }
        }

        return null;
    }
}
