using System.Diagnostics;
using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using DigestStore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace RestoreDrill;

/// <summary>The drill, step by step. Each line that it prints is something that it has just done or measured.</summary>
internal sealed class Drill : IDisposable
{
    private static readonly TimeSpan Target = TimeSpan.FromMinutes(30);

    private readonly DrillPlan _plan;
    private readonly TextWriter _output;
    private readonly TemplateSettings _settings;
    private readonly AmazonDynamoDBClient _client;
    private readonly DateOnly[] _days;
    private readonly string _table = string.Create(CultureInfo.InvariantCulture, $"drill-{Environment.ProcessId}-{Random.Shared.Next(10_000)}");
    private int _steps;

    public Drill(DrillPlan plan, TextWriter output)
    {
        (_plan, _output) = (plan, output);
        _settings = TemplateSettings.Read(plan.Template!);
        _client = new AmazonDynamoDBClient(
            new BasicAWSCredentials("local", "local"),
            new AmazonDynamoDBConfig { ServiceURL = plan.Endpoint!.AbsoluteUri, AuthenticationRegion = "us-east-1", MaxErrorRetry = 2, Timeout = TimeSpan.FromMinutes(1) });
        DateOnly today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        _days = [.. Enumerable.Range(0, plan.Days).Select(age => today.AddDays(-age))];
    }

    private string Copy => _table + "-copy";

    private string Restored => _table + "-restored";

    // The day that is damaged: yesterday, or today where there is no other.
    private DateOnly Damaged => _days[Math.Min(1, _days.Length - 1)];

    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        using ServiceProvider application = Application(out IConfigurationRoot configuration);
        IDigestRepository repository = application.GetRequiredService<IDigestRepository>();
        DigestTableDoctor doctor = application.GetRequiredService<DigestTableDoctor>();
        try
        {
            Step("A table with the template's settings, and days stored by the application");
            await CreateAsync(cancellationToken);
            TimeSpan storing = await TimeAsync(() => StoreAsync(repository, cancellationToken));
            Say($"{_table}: {_plan.Days} days of {_plan.ItemsOfADay:N0} items, stored in {Seconds(storing)}.");
            Dictionary<DateOnly, string> before = await DayHashes.OfAsync(_client, _table, _days, cancellationToken);

            Step("The copy, which stands for what point-in-time recovery keeps of every second");
            await TableCopy.CreateAsync(_client, _table, Copy, cancellationToken);
            long records = 0;
            TimeSpan copying = await TimeAsync(async () => records = await TableCopy.RunAsync(_client, _table, Copy, cancellationToken));
            Say($"{Copy} at {Now()}: {records:N0} records in {Seconds(copying)}.");

            Step("The damage");
            (int deleted, int overwritten) = await DamageAsync(repository, cancellationToken);
            Say($"At {Now()} a faulty job deleted {deleted:N0} items of {Damaged:yyyy-MM-dd} and overwrote {overwritten:N0} titles.");
            Say($"Days whose content differs: {Differing(before, await DayHashes.OfAsync(_client, _table, _days, cancellationToken))}.");
            long began = Stopwatch.GetTimestamp();

            Step("The restore into a new table: keys, index and capacity come along, other settings do not");
            await TableCopy.CreateAsync(_client, Copy, Restored, cancellationToken);
            TimeSpan restoring = await TimeAsync(async () => records = await TableCopy.RunAsync(_client, Copy, Restored, cancellationToken));
            double rate = records / restoring.TotalSeconds;
            Say($"{Restored}: {records:N0} records in {Seconds(restoring)}, {rate:N0} records a second. At this rate 1,000,000 records take {1_000_000 / rate / 60:N1} min here; how long AWS takes is AWS's.");

            Step("The application is given the new table");
            configuration["DigestStore:TableName"] = Restored;
            configuration.Reload();
            Say($"DigestStore:TableName = {Restored}, without a restart. The doctor says what is missing:");
            await InspectAsync(doctor, cancellationToken);

            Step("The settings are put back, as infrastructure/digest-store.yaml has them");
            await PutBackAsync(cancellationToken);
            Line("The doctor again; what is left, DynamoDB Local does not have:");
            DigestTableReport after = await InspectAsync(doctor, cancellationToken);

            Step("Every day is as it was");
            Dictionary<DateOnly, string> now = await DayHashes.OfAsync(_client, Restored, _days, cancellationToken);
            int equal = _days.Count(day => before[day] == now[day]);
            Digest read = await repository.GetAsync(Damaged, cancellationToken);
            TimeSpan whole = Stopwatch.GetElapsedTime(began);
            Say($"{equal} of {_days.Length} days have the same hash over all records and attributes. The application reads {read.Count:N0} items of {Damaged:yyyy-MM-dd}.");
            Say($"From the damage found to the application on the restored table: {Seconds(whole)} (target: {Target.TotalMinutes:0} min).");
            return equal == _days.Length && read.Count == _plan.ItemsOfADay && IsWhole(after) && whole < Target;
        }
        finally
        {
            await RemoveAsync();
        }
    }

    public void Dispose() => _client.Dispose();

    // What the template sets, and DynamoDB Local has, may no longer be missing.
    private static bool IsWhole(DigestTableReport report) =>
        report.Problems == 0 && report.Checks.All(static check => check.Status != DigestTableCheckStatus.Warning || check.Name == "encryption");

    private ServiceProvider Application(out IConfigurationRoot configuration)
    {
        // DynamoDB Local on a busy machine takes seconds where DynamoDB takes milliseconds.
        configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["DigestStore:TableName"] = _table,
            ["DigestStore:Retention"] = "365.00:00:00",
            ["DigestStore:Deadline"] = "00:10:00",
            ["DigestStore:ReadDeadline"] = "00:10:00",
            ["DigestStore:AttemptTimeout"] = "00:01:00",
        }).Build();
        return new ServiceCollection().AddSingleton<IAmazonDynamoDB>(_client).AddDigestStore(configuration.GetSection("DigestStore")).Services.BuildServiceProvider();
    }

    private async Task CreateAsync(CancellationToken cancellationToken)
    {
        await DigestTable.EnsureCreatedAsync(_client, new DigestStoreOptions { TableName = _table }, cancellationToken);
        await ProtectAsync(_table, cancellationToken);
    }

    private async Task StoreAsync(IDigestRepository repository, CancellationToken cancellationToken)
    {
        foreach (DateOnly day in _days)
        {
            (await repository.StoreAsync(day, Items(day), cancellationToken: cancellationToken)).EnsureStored();
        }
    }

    private IEnumerable<DigestItem> Items(DateOnly day, string title = "Page") => Enumerable.Range(0, _plan.ItemsOfADay).Select(number => new DigestItem
    {
        Url = string.Create(CultureInfo.InvariantCulture, $"https://example.com/{day:yyyy-MM-dd}/{number}"),
        Title = string.Create(CultureInfo.InvariantCulture, $"{title} {number} of {day:yyyy-MM-dd}"),
        Summary = "What the page says in one sentence, which is about as long as sentences are in a digest that people read to its end.",
        Source = "Example Weekly",
        Tags = ["drill"],
    });

    // One half of the day is deleted, the other one overwritten.
    private async Task<(int Deleted, int Overwritten)> DamageAsync(IDigestRepository repository, CancellationToken cancellationToken)
    {
        DigestItem[] wrong = [.. Items(Damaged, "undefined")];
        int half = wrong.Length / 2;
        foreach (DigestItem item in wrong.Take(half))
        {
            await repository.DeleteAsync(Damaged, item.Url, cancellationToken);
        }

        StoreResult result = await repository.StoreAsync(Damaged, wrong.Skip(half), cancellationToken: cancellationToken);
        return (half, result.Updated);
    }

    private async Task<DigestTableReport> InspectAsync(DigestTableDoctor doctor, CancellationToken cancellationToken)
    {
        DigestTableReport report = await doctor.InspectAsync(cancellationToken);
        foreach (DigestTableCheck check in report.Checks.Where(static check => check.Status != DigestTableCheckStatus.Ok))
        {
            Say($"  {check.Status} {check.Name}: {check.Finding}");
        }

        return report;
    }

    private async Task PutBackAsync(CancellationToken cancellationToken)
    {
        await _client.UpdateTimeToLiveAsync(
            new UpdateTimeToLiveRequest { TableName = Restored, TimeToLiveSpecification = new TimeToLiveSpecification { Enabled = true, AttributeName = _settings.ExpiryAttribute } }, cancellationToken);
        await ProtectAsync(Restored, cancellationToken);
        Say($"Done here: time to live on '{_settings.ExpiryAttribute}', stream {_settings.StreamView}, deletion protection {(_settings.IsProtected ? "on" : "off")}.");
        Line("In AWS also, since DynamoDB Local has none of it:");
        foreach (string command in AwsCommands.For(Restored, _settings))
        {
            Line("  " + command);
        }
    }

    private Task<UpdateTableResponse> ProtectAsync(string table, CancellationToken cancellationToken) => _client.UpdateTableAsync(
        new UpdateTableRequest
        {
            TableName = table,
            DeletionProtectionEnabled = _settings.IsProtected,
            StreamSpecification = new StreamSpecification { StreamEnabled = true, StreamViewType = StreamViewType.FindValue(_settings.StreamView) },
        },
        cancellationToken);

    private async Task RemoveAsync()
    {
        foreach (string table in new[] { _table, Copy, Restored })
        {
            try
            {
                await _client.UpdateTableAsync(new UpdateTableRequest { TableName = table, DeletionProtectionEnabled = false }, CancellationToken.None);
                await _client.DeleteTableAsync(table, CancellationToken.None);
            }
            catch (ResourceNotFoundException)
            {
                // The drill did not come that far.
            }
        }
    }

    private string Differing(Dictionary<DateOnly, string> before, Dictionary<DateOnly, string> now) =>
        string.Join(", ", _days.Where(day => before[day] != now[day]).Select(static day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));

    private static async Task<TimeSpan> TimeAsync(Func<Task> work)
    {
        long began = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(began);
    }

    private static string Now() => TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:N1} s");

    private void Step(string text) => _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{++_steps}. {text}"));

    private void Say(FormattableString text) => Line(text.ToString(CultureInfo.InvariantCulture));

    private void Line(string text) => _output.WriteLine("   " + text);
}
