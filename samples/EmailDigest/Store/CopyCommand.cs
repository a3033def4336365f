using Spectre.Console;

namespace EmailDigest.Store;

/// <summary>Where the command <c>copy</c> copies to: a file, or a place in DynamoDB.</summary>
internal sealed record CopyTarget(string? File, string? Endpoint, string? Region, string? Table)
{
    public const string Name = "target";

    public string Description => File is not null ? $"the file {File}" : $"DynamoDB at {Endpoint ?? Region ?? "the region that the AWS SDK finds"}, table {Table ?? DigestStoreDefaults.TableName}";

    private bool IsLocal => Uri.TryCreate(Endpoint, UriKind.Absolute, out Uri? address) && address.IsLoopback;

    /// <summary>The target has the settings of the source, but for its place.</summary>
    public void AddTo(IServiceCollection services, IConfigurationSection section)
    {
        _ = File is not null ? services.AddSqliteDigestStore(Name, File, Configure) : services.AddDigestStore(Name, Configure);

        void Configure(DigestStoreOptions options)
        {
            section.Bind(options);
            (options.ServiceUrl, options.Region, options.TableName) = (Endpoint, Region, Table ?? DigestStoreDefaults.TableName);
        }
    }

    public Task EnsureTableAsync(bool isWanted, CancellationToken cancellationToken) => File is null && (isWanted || IsLocal)
        ? TableSetup.EnsureAsync(new DigestStoreOptions { ServiceUrl = Endpoint, Region = Region, TableName = Table ?? DigestStoreDefaults.TableName }, IsLocal, TimeProvider.System, cancellationToken)
        : Task.CompletedTask;
}

/// <summary>The command <c>copy</c>: a line for each day, and what became of all of them.</summary>
internal sealed class CopyCommand(IServiceProvider services, Terminal terminal, CopyTarget target) : IProgress<DigestCopyProgress>
{
    public async Task<int> RunAsync(int days, DateOnly? until, bool verifyOnly, bool createTable, CancellationToken cancellationToken)
    {
        DateOnly last = until ?? services.GetRequiredService<IOptions<DigestStoreOptions>>().Value.Today();
        DateOnly from = DateOnly.FromDayNumber(Math.Max(0, last.DayNumber - days + 1));
        try
        {
            if (!verifyOnly)
            {
                await target.EnsureTableAsync(createTable, cancellationToken);
            }

            terminal.Out.WriteLine($"{(verifyOnly ? "Comparing" : "Copying")} {DayTables.Words(from)} to {DayTables.Words(last)} {(verifyOnly ? "with" : "to")} {target.Description}.");
            var options = new DigestCopyOptions { Progress = this, VerifyOnly = verifyOnly };
            DigestCopyResult result = await DigestCopy.RunAsync(
                services.GetRequiredService<IDigestRepository>(), services.GetRequiredKeyedService<IDigestRepository>(CopyTarget.Name), from, last, options, cancellationToken);
            terminal.Out.Write(TableOf(result));
            if (!result.IsComplete)
            {
                terminal.Warning(verifyOnly ? "The stores differ. Without --verify, copy writes what is missing." : "Not all of it is copied. Run the same command again: it goes on with what is missing.");
            }

            return result.IsComplete ? ExitCode.Done : cancellationToken.IsCancellationRequested ? ExitCode.Stopped : ExitCode.NotDone;
        }
        catch (Exception failure) when (failure is DigestStoreException or TimeoutException or Amazon.Runtime.AmazonServiceException or Amazon.Runtime.AmazonClientException or HttpRequestException)
        {
            terminal.Error($"Nothing was copied to {target.Description}: {failure.Message.TrimEnd('.')}. Check that place, and run the same command again.");
            return ExitCode.NotDone;
        }
    }

    public void Report(DigestCopyProgress value)
    {
        if (value.Day is not { } day)
        {
            return;
        }

        string kept = day.KeptBecause is { } reason ? $"; the target keeps its own ({reason}{(day.ItemsKept > 0 ? $", {ItemsOf(day.ItemsKept)}" : "")})" : "";
        string email = day.Status is { } status ? $"; email {DayTables.Words(status)}" : "";
        terminal.Out.WriteLine($"{DayTables.Words(day.Date)} {Words(day.Outcome)}, {day.ItemsCopied} of {ItemsOf(day.Items)} written{email}{kept} ({value.DatesDone} of {value.Dates})");
        if (day.Outcome == DigestCopyOutcome.Failed)
        {
            terminal.Error($"{DayTables.Words(day.Date)}: {day.Message}");
        }
    }

    private static Table TableOf(DigestCopyResult result)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumn("Outcome").AddColumn(new TableColumn("Days").RightAligned()).AddColumn(new TableColumn("Items").RightAligned());
        foreach (DigestCopyOutcome outcome in Enum.GetValues<DigestCopyOutcome>())
        {
            DigestCopyDay[] days = [.. result.Days.Where(day => day.Outcome == outcome)];
            table.AddRow(Words(outcome), Number(days.Length), Number(days.Sum(day => day.Items)));
        }

        table.AddRow("nothing stored", Number(result.DatesWithoutRecords), "").AddRow("not reached", Number(result.DatesLeft), "");
        return table.AddRow("written", "", Number(result.ItemsCopied)).Caption(
            string.Create(CultureInfo.InvariantCulture, $"{result.SourceCost.Requests} and {result.TargetCost.Requests} requests, {result.Duration.TotalSeconds:0.0} s"));
    }

    private static string Words(DigestCopyOutcome outcome) => outcome switch
    {
        DigestCopyOutcome.Copied => "copied",
        DigestCopyOutcome.AlreadyEqual => "already equal",
        DigestCopyOutcome.Kept => "partly kept",
        DigestCopyOutcome.Different => "different",
        _ => "failed",
    };

    private static string ItemsOf(int items) => Present.Report.Count(items, "item", "items");
    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
