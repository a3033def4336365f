using DigestStore.Configuration;

namespace DigestStore;

/// <summary>Settings of a digest store.</summary>
/// <remarks>
/// They are validated when the host starts. A call takes its own copy when it begins, so a reload never changes a call that is under way. A
/// reload that is invalid is logged once, and the last valid settings stay in force. Only <see cref="Enabled"/> takes effect even then.
/// </remarks>
public sealed class DigestStoreOptions
{
    // Null means that it was not set. It then follows a shorter deadline, so that a caller who only shortens the deadline gets valid options.
    private TimeSpan? _attemptTimeout;

    /// <summary>The switch for emergencies: when off, no request is made and every item is <see cref="DigestItemOutcome.Skipped"/>.</summary>
    /// <value>
    /// Default <see langword="true"/>. In configuration: <c>true</c>, <c>on</c>, <c>yes</c>, <c>1</c>, or <c>false</c>, <c>off</c>,
    /// <c>no</c>, <c>0</c>, in any case. Takes effect with the next call after a configuration reload, also when other options are invalid.
    /// </value>
    public bool Enabled { get; set; } = DigestStoreDefaults.Enabled;

    /// <summary>What becomes of items that are handed in while <see cref="Enabled"/> is off.</summary>
    /// <value>Default <see cref="DisabledItems.Drop"/>. <see cref="DisabledItems.DeadLetter"/> needs an <see cref="IDeadLetterSink"/>.</value>
    public DisabledItems WhenDisabled { get; set; } = DigestStoreDefaults.WhenDisabled;

    /// <summary>The DynamoDB table.</summary>
    /// <value>Default <see cref="DigestStoreDefaults.TableName"/>. 3 to 255 letters, digits, <c>_</c>, <c>-</c> or <c>.</c>, or a table's ARN.</value>
    public string TableName { get; set; } = DigestStoreDefaults.TableName;

    /// <summary>The name of the series of digests that this store stores and reads. One table can hold several series.</summary>
    /// <value>Default <see cref="DigestStoreDefaults.DigestName"/>. 1 to 64 lower-case letters, digits or <c>-</c>.</value>
    public string DigestName { get; set; } = DigestStoreDefaults.DigestName;

    /// <summary>The AWS region of the client that the library builds, for example <c>eu-central-1</c>.</summary>
    /// <value>Default <see langword="null"/>: as the AWS SDK finds it (environment, profile, instance). Not used with a registered <c>IAmazonDynamoDB</c>.</value>
    public string? Region { get; set; }

    /// <summary>The address of a DynamoDB-compatible endpoint, for example <c>http://localhost:8000</c>.</summary>
    /// <value>
    /// Default <see langword="null"/>: AWS's own. An absolute http or https URL; white space around it is ignored. For a loopback address, placeholder credentials are
    /// used unless <c>AWS_ACCESS_KEY_ID</c> is set, since local engines ask for some and check none.
    /// </value>
    public string? ServiceUrl { get; set; }

    /// <summary>The longest that a store call may take, everything included; for a stream, the longest time without progress.</summary>
    /// <value>Default <see cref="DigestStoreDefaults.Deadline"/>. 1 ms to 1 h.</value>
    public TimeSpan Deadline { get; set; } = DigestStoreDefaults.Deadline;

    /// <summary>The longest that a read may take for each page of up to 1 MB; find and delete take one page's time.</summary>
    /// <value>Default <see cref="DigestStoreDefaults.ReadDeadline"/>. 1 ms to 1 h.</value>
    public TimeSpan ReadDeadline { get; set; } = DigestStoreDefaults.ReadDeadline;

    /// <summary>The longest that one request may take before it is abandoned and tried again.</summary>
    /// <value>
    /// Default <see cref="DigestStoreDefaults.AttemptTimeout"/>, or <see cref="Deadline"/> where that is shorter. 1 ms to 10 min, and not
    /// above <see cref="Deadline"/>.
    /// </value>
    public TimeSpan AttemptTimeout
    {
        get => _attemptTimeout ?? (Deadline < DigestStoreDefaults.AttemptTimeout ? Deadline : DigestStoreDefaults.AttemptTimeout);
        set => _attemptTimeout = value;
    }

    /// <summary>The longest that making a connection may take, for the client that the library builds.</summary>
    /// <value>Default <see cref="DigestStoreDefaults.ConnectTimeout"/>. 1 ms to 10 min.</value>
    public TimeSpan ConnectTimeout { get; set; } = DigestStoreDefaults.ConnectTimeout;

    /// <summary>How many attempts in a row may fail before a call gives up. An attempt fails when the request fails, or when DynamoDB accepts none of its items.</summary>
    /// <value>Default <see cref="DigestStoreDefaults.MaxAttempts"/>. 1 (no retry) to 10.</value>
    public int MaxAttempts { get; set; } = DigestStoreDefaults.MaxAttempts;

    /// <summary>The back-off before the first retry after an error or a broken connection; it doubles with each further one, with jitter.</summary>
    /// <value>Default <see cref="DigestStoreDefaults.RetryDelay"/>. 0 to 1 min.</value>
    public TimeSpan RetryDelay { get; set; } = DigestStoreDefaults.RetryDelay;

    /// <summary>The back-off before the first retry after throttling; it doubles with each further one, with jitter.</summary>
    /// <value>Default <see cref="DigestStoreDefaults.ThrottleDelay"/>. 0 to 1 min.</value>
    public TimeSpan ThrottleDelay { get; set; } = DigestStoreDefaults.ThrottleDelay;

    /// <summary>The longest back-off.</summary>
    /// <value>Default <see cref="DigestStoreDefaults.MaxRetryDelay"/>. 0 to 10 min.</value>
    public TimeSpan MaxRetryDelay { get; set; } = DigestStoreDefaults.MaxRetryDelay;

    /// <summary>How many items one write request carries at most.</summary>
    /// <value>Default <see cref="DigestStoreDefaults.BatchSize"/>. 1 to 25, DynamoDB's limit for BatchWriteItem.</value>
    public int BatchSize { get; set; } = DigestStoreDefaults.BatchSize;

    /// <summary>How many requests a store call has under way at once. A store into a file has up to 64 writes under way, because a file has no connections.</summary>
    /// <value>Default <see cref="DigestStoreDefaults.MaxConcurrency"/>. 1 to 64.</value>
    public int MaxConcurrency { get; set; } = DigestStoreDefaults.MaxConcurrency;

    /// <summary>How long an item is kept after it was first stored.</summary>
    /// <value>Default <see langword="null"/>: for ever. 1 s to 100 years. Whole seconds, rounded up. A change never shortens the life of what is stored.</value>
    public TimeSpan? Retention { get; set; }

    /// <summary>Whether reads see every write that DynamoDB acknowledged before them.</summary>
    /// <value>Default <see langword="true"/>. <see langword="false"/> halves the price of reads. The reads inside a store call or a delete are always consistent.</value>
    public bool ConsistentReads { get; set; } = DigestStoreDefaults.ConsistentReads;

    /// <summary>How many entries about items <see cref="StoreResult.Problems"/> has at most. Those of the call itself come on top, and its counts are never capped.</summary>
    /// <value>Default <see cref="DigestStoreDefaults.MaxProblems"/>. 0 to 100,000.</value>
    public int MaxProblems { get; set; } = DigestStoreDefaults.MaxProblems;

    /// <summary>How many items one collection may have. Items after that are not read, so that a call with an endless collection ends.</summary>
    /// <value>Default <see cref="DigestStoreDefaults.MaxItems"/>. 1 to 100,000,000. A stream has no such limit.</value>
    public int MaxItems { get; set; } = DigestStoreDefaults.MaxItems;

    /// <summary>How long the store remembers which links were sent on a day, counted from the day. It also bounds how far back can be asked.</summary>
    /// <value>
    /// Default <see cref="DigestStoreDefaults.MaxLookback"/>. 1 to 3,660 days; a part of a day is ignored. A change holds for days that are sent from then on.
    /// </value>
    public TimeSpan MaxLookback { get; set; } = DigestStoreDefaults.MaxLookback;

    /// <summary>The time zone in which <see cref="Today"/> tells the date, so that hosts in different zones mean the same day.</summary>
    /// <value>Default <see cref="DigestStoreDefaults.TimeZone"/>. An IANA name, for example <c>Europe/Berlin</c>.</value>
    public string TimeZone { get; set; } = DigestStoreDefaults.TimeZone;

    /// <summary>The name of the caller in the log, for calls that do not set <see cref="StoreCallOptions.Caller"/>.</summary>
    /// <value>Default <see langword="null"/>: the name of the process's entry assembly. At most 128 characters; whatever is not printable ASCII becomes a space.</value>
    public string? Caller { get; set; }

    /// <summary>Which spellings of a URL count as the same page.</summary>
    /// <value>Default: every rule of <c>docs/identity.md</c> on.</value>
    public UrlIdentityOptions Identity { get; set; } = new();

    /// <summary>Tells which date it is now in <see cref="TimeZone"/>: the day of today's digest.</summary>
    /// <param name="time">The clock; <see langword="null"/> for the system's.</param>
    /// <returns>The date.</returns>
    /// <exception cref="TimeZoneNotFoundException"><see cref="TimeZone"/> is no time zone of this machine.</exception>
    public DateOnly Today(TimeProvider? time = null) =>
        DateOnly.FromDateTime(LocalNow(time ?? TimeProvider.System));

    // The date and the time of day in the time zone of the options.
    internal DateTime LocalNow(TimeProvider time) => TimeZoneInfo.ConvertTime(time.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById(TimeZone)).DateTime;

    internal bool IsAttemptTimeoutSet => _attemptTimeout is not null;

    // What was found while configuration was read into this object. It is no option.
    internal ConfigurationFindings? Findings { get; set; }

    // The value of Enabled, or null when configuration has a value that cannot be read.
    internal bool? KnownEnabled => Findings is { IsEnabledUnknown: true } ? null : Enabled;

    // Identity is copied too, so that a later change of these options does not change the copy.
    internal DigestStoreOptions Copy()
    {
        var copy = (DigestStoreOptions)MemberwiseClone();
        copy.Identity = Identity.Copy();
        copy.ServiceUrl = ServiceUrl?.Trim();
        return copy;
    }
}
