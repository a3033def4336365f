namespace DigestStore.Benchmarks.Stub;

/// <summary>What the stub server has counted since the counters were last set to zero.</summary>
internal sealed record StubCounters
{
    public int PutItem { get; set; }

    public int BatchWriteItem { get; set; }

    public int BatchGetItem { get; set; }

    public int Query { get; set; }

    public int UpdateItem { get; set; }

    public int Throttled { get; set; }

    /// <summary>Items written, not those that came back unprocessed.</summary>
    public int Accepted { get; set; }

    public int Unprocessed { get; set; }

    public double WriteUnits { get; set; }

    public double ReadUnits { get; set; }

    /// <summary>Requests on the wire, HTTP headers included.</summary>
    public long BytesIn { get; set; }

    /// <summary>Answers on the wire, HTTP headers included.</summary>
    public long BytesOut { get; set; }

    /// <summary>The longest chain of requests of which each came after the answer to the one before. It says something only where answers are delayed.</summary>
    public int Trips { get; set; }

    public int Requests => PutItem + BatchWriteItem + BatchGetItem + Query + UpdateItem;
}
