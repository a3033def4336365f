namespace DigestStore.ContractTests.Model;

internal sealed class ModelStorage
{
    private readonly Dictionary<(string Digest, DateOnly Date), ModelDay> _days = [];

    public ModelDay Day(string digest, DateOnly date)
    {
        lock (_days)
        {
            if (!_days.TryGetValue((digest, date), out ModelDay? day))
            {
                _days.Add((digest, date), day = new ModelDay());
            }

            return day;
        }
    }
}

internal sealed class ModelDay
{
    public List<StoredDigestItem> Items { get; set; } = [];

    public int NextOrdinal { get; set; }
}
