using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using DigestStore.TestSupport;

namespace DigestStore.InfrastructureTests.Doctor;

public sealed class LiveTableTests : IAsyncLifetime
{
    private readonly IAmazonDynamoDB _client = Engines.CreateClient(Engines.DynamoDbLocal);
    private readonly DigestStoreOptions _options = new() { TableName = "doctor-" + Guid.NewGuid().ToString("N"), AttemptTimeout = TimeSpan.FromSeconds(20) };
    private readonly DateOnly _today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);

    public async ValueTask InitializeAsync() => await DigestTable.EnsureCreatedAsync(_client, _options, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _client.UpdateTableAsync(new UpdateTableRequest { TableName = _options.TableName, DeletionProtectionEnabled = false });
        await _client.DeleteTableAsync(_options.TableName);
        _client.Dispose();
    }

    [Fact]
    public async Task A_table_for_development_works_and_lacks_what_production_has()
    {
        DigestTableReport report = await InspectAsync();

        Assert.Equal(
            ["encryption: Warning", "point-in-time-recovery: NotKnown", "deletion-protection: Warning", "stream: Warning"],
            report.Checks.Where(static check => check.Status != DigestTableCheckStatus.Ok).Select(static check => $"{check.Name}: {check.Status}"));
        Assert.Equal(15, report.Requests);
    }

    [Fact]
    public async Task What_the_remedies_switch_on_is_found()
    {
        await _client.UpdateTableAsync(new UpdateTableRequest
        {
            TableName = _options.TableName,
            DeletionProtectionEnabled = true,
            StreamSpecification = new StreamSpecification { StreamEnabled = true, StreamViewType = StreamViewType.NEW_IMAGE },
        });

        DigestTableReport report = await InspectAsync();

        Assert.Equal(["encryption", "point-in-time-recovery"], report.Checks.Where(static check => check.Status != DigestTableCheckStatus.Ok).Select(static check => check.Name));
    }

    [Fact]
    public async Task Stored_days_are_sampled()
    {
        await StoreAsync(_today);
        await StoreAsync(_today.AddDays(-6));

        DigestTableReport report = await InspectAsync();

        Assert.Contains("All 8 records of the sample can be read", Finding(report, "schema-version"), StringComparison.Ordinal);
        Assert.Equal("Of the last 7 days 2 have records, and each of them has its header.", Finding(report, "headers"));
        Assert.Equal("The last store of each of the 2 sampled days was complete.", Finding(report, "unfinished-stores"));
        Assert.True(report.ReadUnits > 0);
    }

    [Fact]
    public async Task A_killed_store_a_partial_one_and_a_newer_record_are_found()
    {
        await StoreAsync(_today);
        await StoreAsync(_today.AddDays(-1));
        await StoreAsync(_today.AddDays(-300));
        await _client.DeleteItemAsync(_options.TableName, Key(_today));
        await SetAsync(_today.AddDays(-300), "lastStoreStatus", new AttributeValue("partially-stored"));
        await SetAsync(_today.AddDays(-1), "v", new AttributeValue { N = "2" });

        DigestTableReport report = await InspectAsync();

        Assert.Equal($"Without a header: {_today:yyyy-MM-dd}.", Finding(report, "headers"));
        Assert.Equal($"Stored in part: {_today.AddDays(-300):yyyy-MM-dd}.", Finding(report, "unfinished-stores"));
        Assert.StartsWith("1 of 8 records of the sample have a schema that this version does not know: 2.", Finding(report, "schema-version"), StringComparison.Ordinal);
        Assert.Equal(0, report.Problems);
    }

    [Fact]
    public async Task Days_that_were_sent_are_fine_and_a_header_that_only_a_sender_wrote_is_no_unfinished_store()
    {
        await StoreAsync(_today);
        await SendAsync(_today, static (_, _) => Task.FromResult(new DeliveryReceipt()));
        await SendAsync(_today.AddDays(-1), static (_, _) => throw new DeliveryFailedException(DeliveryFailureKind.Retry, "refused"));

        DigestTableReport report = await InspectAsync();

        Assert.Equal("Of the last 7 days 1 are delivered, and each of them has a manifest that says what was sent.", Finding(report, "manifests"));
        Assert.StartsWith("The last store of each of the ", Finding(report, "unfinished-stores"), StringComparison.Ordinal);
        Assert.StartsWith("0 days are being sent or deleted", Finding(report, "ended-leases"), StringComparison.Ordinal);
        Assert.Equal("The email of no day was given up.", Finding(report, "abandoned-days"));
    }

    [Fact]
    public async Task A_killed_sender_a_day_that_was_given_up_and_a_lost_manifest_are_found_wherever_they_are()
    {
        using var repository = new DigestRepository(_client, _options);
        await repository.AcquireAsync(_today.AddDays(-200), cancellationToken: TestContext.Current.CancellationToken);
        await SetAsync(_today.AddDays(-200), "leaseUntil", new AttributeValue { N = "1" });
        await SendAsync(_today.AddDays(-90), static (_, _) => throw new DeliveryFailedException(DeliveryFailureKind.Permanent, "no such list"));
        await SendAsync(_today, static (_, _) => Task.FromResult(new DeliveryReceipt()));
        await _client.DeleteItemAsync(_options.TableName, new Dictionary<string, AttributeValue> { ["pk"] = new("SENT#daily"), ["sk"] = new($"{_today:yyyy-MM-dd}") }, TestContext.Current.CancellationToken);

        DigestTableReport report = await InspectAsync();

        Assert.Equal($"Being sent, and the sender said nothing until its lease ended: {_today.AddDays(-200):yyyy-MM-dd}.", Finding(report, "ended-leases"));
        Assert.Equal($"The email was given up: {_today.AddDays(-90):yyyy-MM-dd}.", Finding(report, "abandoned-days"));
        Assert.Equal($"Delivered, and it is not recorded what was sent: {_today:yyyy-MM-dd}.", Finding(report, "manifests"));
    }

    [Fact]
    public async Task A_table_that_is_missing_is_the_one_problem()
    {
        DigestTableReport report = await new DigestTableDoctor(_client, new DigestStoreOptions { TableName = "doctor-missing" }).InspectAsync(TestContext.Current.CancellationToken);

        Assert.Equal(("table", "There is no table 'doctor-missing' in this account and region."), (report.Checks[0].Name, report.Checks[0].Finding));
        Assert.Equal((1, 0), (report.Problems, report.Warnings));
    }

    [Fact]
    public async Task Another_engine_that_lacks_operations_is_no_crash()
    {
        using IAmazonDynamoDB client = Engines.CreateClient(Engines.Dynalite);
        await DigestTable.EnsureCreatedAsync(client, _options, TestContext.Current.CancellationToken);

        DigestTableReport report = await new DigestTableDoctor(client, _options).InspectAsync(TestContext.Current.CancellationToken);
        await client.DeleteTableAsync(_options.TableName, TestContext.Current.CancellationToken);

        Assert.Equal(0, report.Problems);
        Assert.Equal(DigestTableCheckStatus.NotKnown, report.Checks.Single(static check => check.Name == "point-in-time-recovery").Status);
    }

    private static string Finding(DigestTableReport report, string check) => report.Checks.Single(one => one.Name == check).Finding;

    private Task<DigestTableReport> InspectAsync() => new DigestTableDoctor(_client, _options).InspectAsync(TestContext.Current.CancellationToken);

    private async Task StoreAsync(DateOnly date)
    {
        using var repository = new DigestRepository(_client, _options);
        StoreResult result = await repository.StoreAsync(date, Enumerable.Range(0, 3).Select(static number => new DigestItem { Url = $"https://example.com/{number}", Title = $"Page {number}" }), cancellationToken: TestContext.Current.CancellationToken);
        result.EnsureStored();
    }

    private async Task SendAsync(DateOnly date, Func<DeliveryAttempt, CancellationToken, Task<DeliveryReceipt>> send)
    {
        using var repository = new DigestRepository(_client, _options);
        await repository.DeliverAsync(date, [new DigestItem { Url = "https://example.com/1", Title = "Page 1" }], send, cancellationToken: TestContext.Current.CancellationToken);
    }

    private Task<UpdateItemResponse> SetAsync(DateOnly date, string attribute, AttributeValue value) => _client.UpdateItemAsync(new UpdateItemRequest
    {
        TableName = _options.TableName,
        Key = Key(date),
        UpdateExpression = "SET #a = :a",
        ExpressionAttributeNames = new() { ["#a"] = attribute },
        ExpressionAttributeValues = new() { [":a"] = value },
    });

    private static Dictionary<string, AttributeValue> Key(DateOnly date) => new() { ["pk"] = new($"DIGEST#daily#{date:yyyy-MM-dd}"), ["sk"] = new("HEADER") };
}
