using Amazon.DynamoDBv2;
using Amazon.Runtime;
using DigestStore.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace DigestStore.FaultTests;

[Collection(AloneCollection.Name)]
public sealed class CredentialTests
{
    // Nothing of the machine's own settings, and no metadata service.
    internal static readonly (string Name, string? Value)[] Bare =
    [
        .. new[]
        {
            "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION",
            "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        }.Select(name => (name, (string?)null)),
        ("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent/credentials"),
        ("AWS_CONFIG_FILE", "/nonexistent/config"),
        .. ConnectionTests.NoProxy,
    ];

    [Fact]
    [FaultRow(31, "Neither a region nor an endpoint is known", "The container resolves the repository; storing returns a failure that says what to set.")]
    public async Task Without_a_region_the_repository_resolves_and_a_store_fails()
    {
        if (!ChildRun.IsChild)
        {
            await ChildRun.OfThisTestAsync(typeof(CredentialTests), [.. Bare, ("AWS_EC2_METADATA_DISABLED", "true")]);
            return;
        }

        await using ServiceProvider provider = new ServiceCollection().AddDigestStore().Services.BuildServiceProvider();
        IDigestRepository resolved = provider.GetRequiredService<IDigestRepository>();
        Assert.Equal(StoreStatus.Failed, (await resolved.StoreAsync(FaultScenario.Date, FaultScenario.Items(3), cancellationToken: TestContext.Current.CancellationToken)).Status);

        await using var scenario = FaultScenario.Start(options => options.ServiceUrl = null);
        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(30));

        AssertFailed(scenario, result, StoreProblemReason.Misconfigured);
        Assert.Contains("Region", result.Problems[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    [FaultRow(31, "Neither a region nor an endpoint is known", "The container resolves the repository; storing returns a failure that says what to set.")]
    [FaultRow(33, "The credential provider hangs and ignores its token", "The deadline holds.")]
    public async Task A_metadata_service_that_never_answers_does_not_hold_up_the_call()
    {
        if (!ChildRun.IsChild)
        {
            await using var silent = ScriptedEndpoint.Start();
            silent.OnAny().Answer(Fault.Stall());
            await ChildRun.OfThisTestAsync(typeof(CredentialTests), [.. Bare, ("AWS_EC2_METADATA_DISABLED", null), ("AWS_EC2_METADATA_SERVICE_ENDPOINT", silent.Uri.AbsoluteUri)]);
            return;
        }

        await using var scenario = FaultScenario.Start(options =>
        {
            options.ServiceUrl = null;
            options.Deadline = TimeSpan.FromMilliseconds(600);
        });

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(30));

        Assert.Equal(StoreStatus.Failed, result.Status);
        Assert.Equal(30, result.Failed);
    }

    [Fact]
    [FaultRow(32, "No credentials are found; the provider throws, or returns null", "A failure that says that the credentials are at fault.")]
    public async Task Without_credentials_a_store_fails()
    {
        if (!ChildRun.IsChild)
        {
            await ChildRun.OfThisTestAsync(typeof(CredentialTests), [.. Bare, ("AWS_EC2_METADATA_DISABLED", "true")]);
            return;
        }

        await using var scenario = FaultScenario.Start(options =>
        {
            options.ServiceUrl = "http://dynamodb.invalid/";
            options.AttemptTimeout = TimeSpan.FromSeconds(3);
        });

        AssertFailed(scenario, await scenario.StoreAsync(FaultScenario.Items(30)), StoreProblemReason.CredentialsRefused);
    }

    public static TheoryData<Type> Exceptions { get; } =
    [
        typeof(InvalidOperationException), typeof(AmazonClientException), typeof(NullReferenceException), typeof(HttpRequestException),
        typeof(OperationCanceledException), typeof(TimeoutException), typeof(StackOverflowException),
    ];

    [Theory]
    [MemberData(nameof(Exceptions))]
    [FaultRow(32, "No credentials are found; the provider throws, or returns null", "A failure that says that the credentials are at fault.")]
    public async Task A_provider_that_throws_fails_the_store(Type type)
    {
        await using var scenario = FaultScenario.StartWithClient(ClientWith(() => throw (Exception)(type == typeof(AmazonClientException)
            ? new AmazonClientException(FaultScenario.SecretMarker)
            : Activator.CreateInstance(type, FaultScenario.SecretMarker)!)));

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(30));

        AssertFailed(scenario, result, StoreProblemReason.CredentialsRefused);
    }

    [Fact]
    [FaultRow(32, "No credentials are found; the provider throws, or returns null", "A failure that says that the credentials are at fault.")]
    public async Task A_provider_that_returns_nothing_never_makes_the_library_throw()
    {
        await using var scenario = FaultScenario.StartWithClient(ClientWith(() => Task.FromResult<ImmutableCredentials>(null!)));

        // The SDK takes "no credentials" for an anonymous request; whatever the server makes of it, the result is true.
        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(30));

        Assert.Equal(30, result.Received);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [FaultRow(33, "The credential provider hangs and ignores its token", "The deadline holds.")]
    public async Task A_provider_that_hangs_is_abandoned(bool blocksItsThread)
    {
        var release = new TaskCompletionSource<ImmutableCredentials>();
        await using var scenario = FaultScenario.StartWithClient(
            ClientWith(() => blocksItsThread ? Task.FromResult(release.Task.Result) : release.Task),
            options =>
            {
                options.Deadline = TimeSpan.FromMilliseconds(500);
                options.AttemptTimeout = TimeSpan.FromMilliseconds(200);
            });

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(30));
        release.SetResult(new ImmutableCredentials("late", "late", null));

        AssertFailed(scenario, result, StoreProblemReason.CompareUnavailable);
    }

    private static void AssertFailed(FaultScenario scenario, StoreResult result, StoreProblemReason reason)
    {
        Assert.Equal(StoreStatus.Failed, result.Status);
        Assert.Equal(30, result.Failed);
        Assert.All(result.Problems, problem => Assert.Equal(reason, problem.Reason));
        Assert.Equal(0, scenario.Server.Requests.Count);
    }

    private static Func<Uri, IAmazonDynamoDB> ClientWith(Func<Task<ImmutableCredentials>> credentials) => uri =>
        new AmazonDynamoDBClient(
            new ScriptedCredentials(credentials),
            new AmazonDynamoDBConfig { ServiceURL = uri.AbsoluteUri, AuthenticationRegion = "us-east-1", MaxErrorRetry = 0, MaxStaleConnectionRetries = 0, AllowAutoRedirect = false });

    private sealed class ScriptedCredentials(Func<Task<ImmutableCredentials>> credentials) : AWSCredentials
    {
        public override ImmutableCredentials GetCredentials() => credentials().Result;

        public override Task<ImmutableCredentials> GetCredentialsAsync() => credentials();
    }
}
