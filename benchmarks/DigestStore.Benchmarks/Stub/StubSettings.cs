namespace DigestStore.Benchmarks.Stub;

/// <summary>How the stub server answers; sent to its control path.</summary>
internal sealed record StubSettings
{
    /// <summary>From the last byte of a request to the first byte of its answer.</summary>
    public int LatencyMilliseconds { get; init; }

    /// <summary>Whether answers have the header <c>x-amz-crc32</c>, as DynamoDB's have.</summary>
    public bool Checksum { get; init; } = true;

    /// <summary>Items admitted per second; what comes on top comes back unprocessed. 0: no limit.</summary>
    public double ItemsPerSecond { get; init; }

    /// <summary>How many items may come at once before the rate counts.</summary>
    public double Burst { get; init; } = 100;

    /// <summary>Share of the items (keys) of batches that come back unprocessed, 0 to 1.</summary>
    public double UnprocessedShare { get; init; }

    /// <summary>Share of the requests that are answered with a ThrottlingException, 0 to 1.</summary>
    public double ThrottledShare { get; init; }

    /// <summary>Of the two shares.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Whether everything stored so far is forgotten.</summary>
    public bool Forget { get; init; }

    /// <summary>Whether the items of batches are counted and not kept, for runs of millions.</summary>
    public bool Discard { get; init; }
}
