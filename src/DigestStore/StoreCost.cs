namespace DigestStore;

/// <summary>What a store call cost: its requests and the capacity that they consumed.</summary>
public readonly record struct StoreCost
{
    /// <summary>How many requests to DynamoDB were begun, repeated ones included.</summary>
    public int Requests { get; init; }

    /// <summary>How many of the requests repeated one that had failed or was throttled.</summary>
    public int Retries { get; init; }

    /// <summary>Read capacity units consumed, as DynamoDB reported them.</summary>
    public double ReadUnits { get; init; }

    /// <summary>Write capacity units consumed, as DynamoDB reported them.</summary>
    public double WriteUnits { get; init; }

    /// <summary>How many items the requests were for.</summary>
    /// <value>In a <see cref="StoreResult"/> this is always <see cref="StoreResult.Received"/>. A value that was set in <see cref="StoreResultDetails.Cost"/> is ignored.</value>
    public int Items { get; init; }

    /// <summary>The share of requests saved against one request per item.</summary>
    /// <value>
    /// From 0 to 1: 1 − <see cref="Requests"/> / <see cref="Items"/>. 0 when nothing was saved: for no items, and for so few that they took more
    /// requests than there are items.
    /// </value>
    public double ShareOfRequestsSaved => Items <= 0 ? 0 : Math.Clamp(1 - ((double)Requests / Items), 0, 1);
}
