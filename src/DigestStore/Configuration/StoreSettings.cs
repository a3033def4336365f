using DigestStore.Identity;
using DigestStore.Resilience;
using DigestStore.Table;
using Polly;

namespace DigestStore.Configuration;

// What one call works with from its first step to its last: a copy of valid options and what is derived from them.
internal sealed class StoreSettings(DigestStoreOptions options, TimeProvider timeProvider)
{
    public DigestStoreOptions Options { get; } = options;

    public IdentityRuleSet Identity { get; } = new(options.Identity);

    // Made by the first call that has to repeat a request. Two made at once are as good as one.
    public ResiliencePipeline<TableReply> Retries => field ??= RetryPipeline.Create(Options, timeProvider);

    public Partition PartitionOf(DateOnly date) => new(Options.TableName, Options.Digest, date);

    public DateTimeOffset? ExpiryOf(DateTimeOffset firstStored)
    {
        if (Options.Retention is not { } retention)
        {
            return null;
        }

        return retention < DateTimeOffset.MaxValue - firstStored ? firstStored + retention : null;
    }

    public static StoreSettings From(DigestStoreOptions options, TimeProvider timeProvider) => new(Copy(options), timeProvider);

    internal static DigestStoreOptions Copy(DigestStoreOptions options)
    {
        var copy = new DigestStoreOptions
        {
            Enabled = options.Enabled,
            WhenDisabled = options.WhenDisabled,
            TableName = options.TableName,
            Digest = options.Digest,
            Region = options.Region,
            ServiceUrl = options.ServiceUrl,
            Deadline = options.Deadline,
            ReadDeadline = options.ReadDeadline,
            AttemptTimeout = options.AttemptTimeout,
            ConnectTimeout = options.ConnectTimeout,
            MaxAttempts = options.MaxAttempts,
            RetryDelay = options.RetryDelay,
            ThrottleDelay = options.ThrottleDelay,
            MaxRetryDelay = options.MaxRetryDelay,
            BatchSize = options.BatchSize,
            MaxConcurrency = options.MaxConcurrency,
            Retention = options.Retention,
            ConsistentReads = options.ConsistentReads,
            MaxProblems = options.MaxProblems,
            MaxItems = options.MaxItems,
            Caller = options.Caller,
            Identity = new UrlIdentityOptions
            {
                TreatHttpAsHttps = options.Identity.TreatHttpAsHttps,
                DropWww = options.Identity.DropWww,
                DropTrailingSlash = options.Identity.DropTrailingSlash,
                CollapseSlashes = options.Identity.CollapseSlashes,
                DropFragment = options.Identity.DropFragment,
                DropTrackingParameters = options.Identity.DropTrackingParameters,
                SortQuery = options.Identity.SortQuery,
            },
        };
        foreach (string name in options.Identity.AdditionalTrackingParameters)
        {
            copy.Identity.AdditionalTrackingParameters.Add(name);
        }

        foreach (string name in options.Identity.KeptParameters)
        {
            copy.Identity.KeptParameters.Add(name);
        }

        return copy;
    }
}
