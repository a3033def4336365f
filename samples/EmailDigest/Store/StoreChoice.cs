namespace EmailDigest.Store;

/// <summary>Which repository the run uses: that in memory, unless the command line or the environment names a place in DynamoDB.</summary>
/// <param name="IsInMemory">Whether it is that in memory.</param>
/// <param name="Description">For the person at the console.</param>
/// <param name="Caller">Who stores, as in the log.</param>
/// <param name="Fault">What goes wrong in the repository in memory.</param>
/// <param name="EnsureTable">Makes the table when it is missing; none when that was not asked for.</param>
internal sealed record StoreChoice(bool IsInMemory, string Description, string Caller, Fault? Fault = null, Func<TimeProvider, CancellationToken, Task>? EnsureTable = null)
{
    /// <summary>Whether neither the command line nor the environment names a place in DynamoDB.</summary>
    public static bool NamesNoTable(IConfigurationSection section) =>
        section[nameof(DigestStoreOptions.ServiceUrl)] is null && section[nameof(DigestStoreOptions.Region)] is null && section[nameof(DigestStoreOptions.TableName)] is null;

    public static StoreChoice Of(JobOptions options, IConfigurationSection section)
    {
        string? endpoint = section[nameof(DigestStoreOptions.ServiceUrl)];
        string? region = section[nameof(DigestStoreOptions.Region)];
        string? table = section[nameof(DigestStoreOptions.TableName)];
        string digest = section[nameof(DigestStoreOptions.DigestName)] ?? DigestStoreDefaults.DigestName;
        string caller = section[nameof(DigestStoreOptions.Caller)]!;
        if (NamesNoTable(section))
        {
            RefuseDatabaseOptions(options);
            return new StoreChoice(true, $"In memory, digest {digest}: nothing outlives this run. Use --endpoint, --region or --table to store in DynamoDB.", caller, options.Fault);
        }

        if (options.Fault is { } fault)
        {
            string setting = endpoint is not null ? "--endpoint or DigestStore__ServiceUrl" : region is not null ? "--region or DigestStore__Region" : "--table or DigestStore__TableName";
            throw new OptionsValidationException("--fault", typeof(JobOptions), [$"--fault {Faults.NameOf(fault)} is for the repository in memory only; leave out {setting}, or the fault."]);
        }

        var place = new DigestStoreOptions { ServiceUrl = endpoint, Region = region, TableName = table ?? DigestStoreDefaults.TableName };
        bool isLocal = Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? address) && address.IsLoopback;
        string description = $"DynamoDB at {endpoint ?? region ?? "the region that the AWS SDK finds"}, table {place.TableName}, digest {digest}.";
        bool isWanted = options.CreateTable || isLocal;
        return new StoreChoice(false, description, caller, EnsureTable: isWanted ? (clock, cancellationToken) => TableSetup.EnsureAsync(place, isLocal, clock, cancellationToken) : null);
    }

    private static void RefuseDatabaseOptions(JobOptions options)
    {
        string? useless = options.DeadLetters is not null ? "--dead-letters" : options.CreateTable ? "--create-table" : null;
        string remedy = options.Fault is { } fault ? $"--fault {Faults.NameOf(fault)} plays in memory; leave out {useless}" : $"add --endpoint, --region or --table, or leave out {useless}";
        if (useless is not null)
        {
            throw new OptionsValidationException(useless, typeof(JobOptions), [$"{useless} is for DynamoDB only: {remedy}."]);
        }
    }
}
