namespace DigestStore;

/// <summary>The defaults of <see cref="DigestStoreOptions"/>.</summary>
public static class DigestStoreDefaults
{
    /// <summary>The configuration section that <c>AddDigestStore(IConfiguration)</c> expects to be handed: <c>DigestStore</c>.</summary>
    public const string SectionName = "DigestStore";

    /// <summary><see langword="true"/>: the store is switched on.</summary>
    public const bool Enabled = true;

    /// <summary>Items handed in while the store is off are dropped.</summary>
    public const DisabledItems WhenDisabled = DisabledItems.Drop;

    /// <summary>Reads see every write that DynamoDB acknowledged before them.</summary>
    public const bool ConsistentReads = true;

    /// <summary><c>digests</c>.</summary>
    public const string TableName = "digests";

    /// <summary><c>daily</c>.</summary>
    public const string DigestName = "daily";

    /// <summary>25 seconds: below the 29 s of an API gateway and the 30 s that the email may wait.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(25);

    /// <summary>5 seconds for each page of up to 1 MB.</summary>
    public static readonly TimeSpan ReadDeadline = TimeSpan.FromSeconds(5);

    /// <summary>3 seconds: DynamoDB answers within tens of milliseconds, and a read must have time for a second attempt.</summary>
    public static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(3);

    /// <summary>2 seconds.</summary>
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    /// <summary>3 attempts: the first and two retries.</summary>
    public const int MaxAttempts = 3;

    /// <summary>50 ms before the first retry after an error or a broken connection.</summary>
    public static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(50);

    /// <summary>500 ms before the first retry after throttling.</summary>
    public static readonly TimeSpan ThrottleDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>5 seconds, the longest back-off.</summary>
    public static readonly TimeSpan MaxRetryDelay = TimeSpan.FromSeconds(5);

    /// <summary>25 items, the most that DynamoDB accepts in one BatchWriteItem.</summary>
    public const int BatchSize = 25;

    /// <summary>8 requests at once.</summary>
    public const int MaxConcurrency = 8;

    /// <summary>100 entries.</summary>
    public const int MaxProblems = 100;

    /// <summary>1,000,000 items in one collection.</summary>
    public const int MaxItems = 1_000_000;

    /// <summary>400 days, which is a little more than a year.</summary>
    public static readonly TimeSpan MaxLookback = TimeSpan.FromDays(400);

    /// <summary>UTC.</summary>
    public const string TimeZone = "UTC";
}
