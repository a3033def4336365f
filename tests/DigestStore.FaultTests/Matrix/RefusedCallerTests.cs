using Amazon.DynamoDBv2;
using Amazon.Runtime;
using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

public sealed class RefusedCallerTests
{
    [Theory]
    [InlineData("AccessDeniedException")]
    [InlineData("KMSDisabledException")]
    [InlineData("KMSAccessDeniedException")]
    [InlineData("KMSInvalidStateException")]
    [InlineData("KMSNotFoundException")]
    [InlineData("InaccessibleEncryptionCredentialsException")]
    [FaultRow(28, "Access is denied, or the table's KMS key is disabled", "Permanent: 40 batches end after one request, with one log line that names the IAM action and the table.")]
    public async Task A_denied_caller_costs_one_request_and_one_line_with_the_permission(string code)
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.OnAny().Answer(Fault.Error(code, $"User is not authorized: {FaultScenario.SecretMarker}"));

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(1000));

        Assert.Equal((StoreStatus.Failed, 1000), (result.Status, result.Failed));
        scenario.AssertRequests(compares: 1, writes: 0, headers: 0);
        Assert.Contains("allow dynamodb:Query on table 'digests'", Assert.Single(scenario.Log.Entries).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AccessDeniedException", 1)]
    [InlineData("AccessDeniedException", 8)]
    [InlineData("KMSDisabledException", 1)]
    [FaultRow(28, "Reading is allowed and writing is denied", "No retries: only the requests that are under way at once are sent, then the whole store stops.")]
    public async Task Denied_writes_stop_the_whole_store(string code, int workers)
    {
        await using var scenario = FaultScenario.Start(options => options.MaxConcurrency = workers);
        scenario.Server.On("BatchWriteItem").Answer(Fault.Error(code));

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(1000));

        Assert.Equal((StoreStatus.Failed, 1000), (result.Status, result.Failed));
        Assert.All(result.Problems, problem => Assert.Equal(StoreProblemReason.AccessDenied, problem.Reason));
        Assert.InRange(scenario.Server.Requests.CountOf("BatchWriteItem"), 1, workers);
        Assert.Equal(0, result.Cost.Retries);
        Assert.Equal(0, scenario.Server.Requests.CountOf("UpdateItem"));
        Assert.Contains("allow dynamodb:BatchWriteItem on table 'digests'", Assert.Single(scenario.Log.Entries).Message, StringComparison.Ordinal);
    }

    [Fact]
    [FaultRow(28, "Only the header's update is denied", "The items stay stored; one problem names the permission.")]
    public async Task A_denied_header_leaves_the_items_stored()
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.On("UpdateItem").Answer(Fault.Error("AccessDeniedException"));

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(30));

        Assert.Equal((StoreStatus.Stored, 30), (result.Status, result.Inserted));
        StoreProblem problem = Assert.Single(result.Problems);
        Assert.Equal(StoreProblemReason.HeaderNotWritten, problem.Reason);
        Assert.Contains("allow dynamodb:UpdateItem on table 'digests'", problem.Message, StringComparison.Ordinal);
        scenario.AssertRequests(compares: 1, writes: 2, headers: 1);
    }

    [Theory]
    [InlineData("UnrecognizedClientException", 1)]
    [InlineData("MissingAuthenticationToken", 1)]
    [InlineData("MissingAuthenticationTokenException", 1)]
    [InlineData("ExpiredToken", 1)]
    [InlineData("ExpiredTokenException", 1)]
    [InlineData("InvalidSignatureException", 1)]
    [InlineData("RequestExpired", 2)]
    [FaultRow(29, "The credentials are unknown, missing or expired, or the request is", "Permanent in this call (an expired request is signed anew once); the next call asks the provider again.")]
    public async Task Refused_credentials_end_the_call_and_the_next_call_asks_the_provider_again(string code, int sends)
    {
        await using var server = ScriptedEndpoint.Start();
        var provider = new RotatingCredentials();
        using var client = new AmazonDynamoDBClient(
            provider,
            new AmazonDynamoDBConfig { ServiceURL = server.Uri.AbsoluteUri, AuthenticationRegion = "us-east-1", MaxErrorRetry = 0, MaxStaleConnectionRetries = 0 });
        using var repository = new DigestRepository(client, new DigestStoreOptions { RetryDelay = TimeSpan.FromMilliseconds(5) });
        server.OnAny().When(request => request.Headers["Authorization"].Contains("Credential=old/", StringComparison.Ordinal)).Answer(Fault.Error(code, "s3cr3t"));

        StoreResult refused = await repository.StoreAsync(FaultScenario.Date, FaultScenario.Items(1000), null, TestContext.Current.CancellationToken);

        Assert.Equal((StoreStatus.Failed, 1000), (refused.Status, refused.Failed));
        Assert.All(refused.Problems, problem => Assert.Equal(StoreProblemReason.CredentialsRefused, problem.Reason));
        Assert.DoesNotContain(refused.Problems, problem => problem.Message.Contains("s3cr3t", StringComparison.Ordinal));
        Assert.Equal(sends, server.Requests.Count);

        int askedBefore = provider.Asked;
        provider.Key = "new";
        StoreResult later = await repository.StoreAsync(FaultScenario.Date, FaultScenario.Items(100), null, TestContext.Current.CancellationToken);

        Assert.True(provider.Asked > askedBefore);
        Assert.Equal((StoreStatus.Stored, 100), (later.Status, later.Inserted));
    }

    [Theory]
    [InlineData("UnrecognizedClientException")]
    [InlineData("ExpiredTokenException")]
    [FaultRow(29, "The credentials expire in the middle of a store", "The store stops; what is stored is counted, nothing is retried.")]
    public async Task Credentials_that_expire_midway_stop_the_store(string code)
    {
        await using var scenario = FaultScenario.Start(options => options.MaxConcurrency = 1);
        scenario.Server.On("BatchWriteItem").From(4).Answer(Fault.Error(code));

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(1000));

        Assert.Equal((StoreStatus.PartiallyStored, 75, 925, 0), (result.Status, result.Inserted, result.Failed, result.Cost.Retries));
        Assert.All(result.Problems.Where(problem => problem.Index is not null), problem => Assert.Equal(StoreProblemReason.CredentialsRefused, problem.Reason));
        Assert.Equal(StoreProblemReason.HeaderNotWritten, result.Problems[^1].Reason);
        scenario.AssertRequests(compares: 1, writes: 4, headers: 0);
    }

    private sealed class RotatingCredentials : AWSCredentials
    {
        private int _asked;

        public int Asked => Volatile.Read(ref _asked);

        public string Key { get; set; } = "old";

        public override ImmutableCredentials GetCredentials()
        {
            Interlocked.Increment(ref _asked);
            return new ImmutableCredentials(Key, "secret", null);
        }

        public override Task<ImmutableCredentials> GetCredentialsAsync() => Task.FromResult(GetCredentials());
    }
}
