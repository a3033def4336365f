using Amazon.DynamoDBv2;
using DigestStore.Doctor;
using DigestStore.Doctor.Checks;

namespace DigestStore;

/// <summary>Inspects a live table. It says for each check whether the table is as it should be in production, and if not, how to correct it.</summary>
/// <remarks>
/// It changes nothing and makes no Scan. An inspection is 15 requests at once, each of which is given up after
/// <see cref="DigestStoreOptions.Deadline"/> and none of which is repeated: <c>DescribeTable</c>, <c>DescribeTimeToLive</c>,
/// <c>DescribeContinuousBackups</c>, one <c>Query</c> of the index <c>by-status</c> for each of four states of the delivery, one of the manifests and
/// one of each of the last seven days. Those are also the permissions that it needs. It inspects while <see cref="DigestStoreOptions.Enabled"/> is off, too, and its requests are not among
/// the library's metrics. <c>AddDigestStore</c> registers it, for a named store keyed by the name. Safe for concurrent use.
/// </remarks>
public sealed class DigestTableDoctor
{
    private readonly Func<DigestStoreOptions> _options;
    private readonly Func<DigestStoreOptions, DoctorClient> _open;
    private readonly TimeProvider _time;

    /// <summary>Makes a doctor without a container.</summary>
    /// <param name="client">The client to use; it is never disposed.</param>
    /// <param name="options">Which table and digest to look at; they are copied.</param>
    /// <param name="timeProvider">The clock, which is also the one that is compared with DynamoDB's; <see langword="null"/> for the system's.</param>
    /// <exception cref="ArgumentNullException"><paramref name="client"/> or <paramref name="options"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="options"/> are invalid; the message names value, rule and remedy.</exception>
    public DigestTableDoctor(IAmazonDynamoDB client, DigestStoreOptions options, TimeProvider? timeProvider = null)
        : this(DoctorClient.Injected(client), DigestRepository.ValidatedCopy(options), timeProvider)
    {
    }

    internal DigestTableDoctor(Func<DigestStoreOptions, DoctorClient> open, Func<DigestStoreOptions> options, TimeProvider? timeProvider)
    {
        _open = open;
        _options = options;
        _time = timeProvider ?? TimeProvider.System;
    }

    /// <summary>Inspects the table.</summary>
    /// <param name="cancellationToken">Ends the inspection.</param>
    /// <returns>The findings. A table that is missing, a denied request, an outage and an answer that makes no sense are findings, never exceptions.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The options of the container are invalid.</exception>
    public async Task<DigestTableReport> InspectAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        DigestStoreOptions options = _options().Copy();
        var inspection = new TableInspection(_open, options, _time);
        TableFacts facts = await inspection.InspectAsync(cancellationToken).ConfigureAwait(false);
        return new DigestTableReport
        {
            TableName = options.TableName,
            Digest = options.DigestName,
            InspectedAt = _time.GetUtcNow(),
            Requests = inspection.Requests,
            ReadUnits = inspection.ReadUnits,
            Checks = [.. AllChecks.InOrder.Select(check => check.Inspect(facts))],
        };
    }
}
