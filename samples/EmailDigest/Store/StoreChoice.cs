namespace EmailDigest.Store;

/// <summary>Which repository the run uses: one over a file, unless the command line or the environment names a place in DynamoDB, or the command line asks for memory.</summary>
/// <param name="Description">For the person at the console.</param>
/// <param name="Caller">Who stores, as in the log.</param>
/// <param name="File">The file; none: it is another repository.</param>
/// <param name="DeadLetters">The folder for what the repository does not take; none: it is that in memory.</param>
/// <param name="Fault">What goes wrong in the repository in memory.</param>
/// <param name="EnsureTable">Makes the table when it is missing; none when that was not asked for.</param>
internal sealed record StoreChoice(
    string Description, string Caller, string? File = null, string? DeadLetters = null, Fault? Fault = null, Func<TimeProvider, CancellationToken, Task>? EnsureTable = null)
{
    public const string HowToNameATable = "--endpoint, --region or --table (or DigestStore__ServiceUrl and the like)";

    public bool IsInMemory => DeadLetters is null;

    public static StoreChoice Of(JobOptions options, IConfigurationSection section)
    {
        string digest = section[nameof(DigestStoreOptions.DigestName)] ?? DigestStoreDefaults.DigestName;
        string caller = section[nameof(DigestStoreOptions.Caller)]!;
        if (options.Fault is not null || options.IsInMemory)
        {
            string chosen = options.Fault is { } fault ? $"--fault {Faults.NameOf(fault)}" : "--memory";
            string? other = options.File is not null ? "--file" : NameOfTable(section) ?? (options.DeadLetters is not null ? "--dead-letters" : options.CreateTable ? "--create-table" : null);
            RefuseBoth(chosen, "in memory", other);
            return new StoreChoice($"In memory, digest {digest}: nothing outlives this run.", caller, Fault: options.Fault);
        }

        if (FileOf(options.File, Path.Combine(DigestEmail.FolderFor(options), JobOptions.DefaultFileName), section) is { } file)
        {
            return options.CreateTable
                ? throw new OptionsValidationException("--create-table", typeof(JobOptions), ["--create-table is for DynamoDB: add --endpoint, --region or --table, or leave it out."])
                : new StoreChoice($"In the file {file}, digest {digest}. Use --endpoint, --region or --table to store in DynamoDB.", caller, file, options.DeadLetters ?? file + ".dead-letters");
        }

        string? endpoint = section[nameof(DigestStoreOptions.ServiceUrl)];
        string? region = section[nameof(DigestStoreOptions.Region)];
        var place = new DigestStoreOptions { ServiceUrl = endpoint, Region = region, TableName = section[nameof(DigestStoreOptions.TableName)] ?? DigestStoreDefaults.TableName };
        bool isLocal = Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? address) && address.IsLoopback;
        string description = $"DynamoDB at {endpoint ?? region ?? "the region that the AWS SDK finds"}, table {place.TableName}, digest {digest}.";
        bool isWanted = options.CreateTable || isLocal;
        return new StoreChoice(
            description, caller, DeadLetters: options.DeadLetters ?? JobOptions.DefaultDeadLetters,
            EnsureTable: isWanted ? (clock, cancellationToken) => TableSetup.EnsureAsync(place, isLocal, clock, cancellationToken) : null);
    }

    /// <returns>The file to use; none: a place in DynamoDB is named.</returns>
    public static string? FileOf(string? named, string byDefault, IConfigurationSection section)
    {
        string? table = NameOfTable(section);
        RefuseBoth("--file", "in a file", named is null ? null : table);
        return table is null ? named ?? byDefault : null;
    }

    // What names a place in DynamoDB; none: nothing does.
    private static string? NameOfTable(IConfigurationSection section) =>
        section[nameof(DigestStoreOptions.ServiceUrl)] is not null ? "--endpoint or DigestStore__ServiceUrl"
        : section[nameof(DigestStoreOptions.Region)] is not null ? "--region or DigestStore__Region"
        : section[nameof(DigestStoreOptions.TableName)] is not null ? "--table or DigestStore__TableName" : null;

    private static void RefuseBoth(string chosen, string place, string? other)
    {
        if (other is not null)
        {
            throw new OptionsValidationException(chosen, typeof(JobOptions), [$"{chosen} stores {place}, and {other} does not go with that; leave one of them out."]);
        }
    }
}
