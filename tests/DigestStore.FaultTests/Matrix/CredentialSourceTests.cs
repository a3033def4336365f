using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

/// <summary>Every place that the SDK gets credentials from, broken for real: the store says that the credentials are at fault, and not the table or the network.</summary>
[Collection(AloneCollection.Name)]
public sealed class CredentialSourceTests : IDisposable
{
    private const string Case = "DIGESTSTORE_TEST_CREDENTIALS";
    private const string Role = "role_arn = arn:aws:iam::123456789012:role/digests\n";
    private const string Base = "[base]\naws_access_key_id = a\naws_secret_access_key = b\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("digeststore-credentials-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Of the library's own client: environment variables, and the file of the profiles.
    public static TheoryData<string, string?, string[]> Sources { get; } = new()
    {
        { "the credential_process is missing", "[default]\ncredential_process = /nonexistent/tool\n", [] },
        { "the credential_process fails", "[default]\ncredential_process = /bin/false\n", [] },
        { "the credential_process prints no JSON", "[default]\ncredential_process = /bin/echo s3cr3t\n", [] },
        { "the credential_process prints other JSON", "[default]\ncredential_process = /bin/echo {}\n", [] },
        { "the profile is missing", "[default]\nregion = eu-central-1\n", ["AWS_PROFILE=nobody"] },
        { "the profile has no keys", "[default]\nregion = eu-central-1\n", [] },
        { "the profile has half of the keys", "[default]\naws_access_key_id = a\n", [] },
        { "the file of the profiles is malformed", "[default\naws_access_key_id a\n", [] },
        { "the role needs an assembly that is missing", "[default]\n" + Role + "source_profile = base\n" + Base, [] },
        { "the role's source is missing", "[default]\n" + Role + "source_profile = nobody\n", [] },
        { "the sign-in of the SSO session is missing", "[default]\nsso_account_id = 1\nsso_region = eu-central-1\nsso_role_name = x\nsso_start_url = https://127.0.0.1:1/\n", [] },
        { "the token file of the web identity is missing", null, ["AWS_WEB_IDENTITY_TOKEN_FILE=/nonexistent/token", "AWS_ROLE_ARN=arn:aws:iam::123456789012:role/digests"] },
        { "the container's endpoint is unreachable", null, ["AWS_CONTAINER_CREDENTIALS_FULL_URI=http://127.0.0.1:1/credentials"] },
        { "the container's endpoint is not allowed", null, ["AWS_CONTAINER_CREDENTIALS_FULL_URI=http://192.0.2.1/credentials"] },
        { "the metadata service is unreachable", null, ["AWS_EC2_METADATA_DISABLED=false", "AWS_EC2_METADATA_SERVICE_ENDPOINT=http://127.0.0.1:1/"] },
        { "the environment has half of the keys", null, ["AWS_ACCESS_KEY_ID=a"] },
    };

    [Theory]
    [MemberData(nameof(Sources))]
    [FaultRow(32, "No credentials are found; the provider throws, or returns null", "A failure that says that the credentials are at fault.")]
    public async Task The_library_s_own_client_says_that_the_credentials_are_at_fault(string source, string? profiles, string[] variables)
    {
        // The SDK keeps what it has found for as long as the process lives.
        if (!ChildRun.IsChild)
        {
            await File.WriteAllTextAsync(Path.Combine(_folder, "credentials"), profiles, TestContext.Current.CancellationToken);
            (string Name, string? Value)[] environment =
            [
                .. CredentialTests.Bare, ("AWS_EC2_METADATA_DISABLED", "true"), ("AWS_SHARED_CREDENTIALS_FILE", Path.Combine(_folder, "credentials")),
                .. variables.Select(static variable => variable.Split('=', 2)).Select(static pair => (pair[0], (string?)pair[1])), (Case, source),
            ];
            await ChildRun.OfThisTestAsync(typeof(CredentialSourceTests), environment);
            return;
        }

        if (Environment.GetEnvironmentVariable(Case) != source)
        {
            return;
        }

        // Not a loopback address, for which credentials are made up.
        await using var scenario = FaultScenario.Start(static options =>
            (options.ServiceUrl, options.Deadline, options.ReadDeadline) = ("http://dynamodb.invalid/", TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1)));
        await AssertRefusedAsync(scenario);
    }

    [Fact]
    [FaultRow(33, "The credential provider hangs and ignores its token", "The deadline holds.")]
    public async Task Credentials_that_take_longer_than_an_attempt_or_the_call_are_at_fault_and_not_the_table()
    {
        if (!ChildRun.IsChild)
        {
            await using var silent = ScriptedEndpoint.Start();
            silent.OnAny().Answer(Fault.Stall());
            await ChildRun.OfThisTestAsync(typeof(CredentialSourceTests), [.. CredentialTests.Bare, ("AWS_EC2_METADATA_DISABLED", null), ("AWS_EC2_METADATA_SERVICE_ENDPOINT", silent.Uri.AbsoluteUri)]);
            return;
        }

        await using var scenario = FaultScenario.Start(static options => (options.ServiceUrl, options.Region, options.AttemptTimeout) = ("http://dynamodb.invalid/", "us-east-1", TimeSpan.FromMilliseconds(500)));
        await AssertRefusedAsync(scenario);
        await using var shorter = FaultScenario.Start(static options =>
            (options.ServiceUrl, options.Region, options.Deadline, options.ReadDeadline) = ("http://dynamodb.invalid/", "us-east-1", TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2)));
        await AssertRefusedAsync(shorter);
    }

    public static TheoryData<string> Providers { get; } =
    [
        "process", "web identity", "role", "role of a profile", "instance", "host", "host with a service's answer", "host with the network", "null secret",
    ];

    [Theory]
    [MemberData(nameof(Providers))]
    [FaultRow(32, "No credentials are found; the provider throws, or returns null", "A failure that says that the credentials are at fault.")]
    public async Task A_client_that_was_handed_in_says_that_the_credentials_are_at_fault(string provider)
    {
        AWSCredentials credentials = Provider(provider);
        await using var scenario = FaultScenario.StartWithClient(uri => new AmazonDynamoDBClient(
            credentials,
            new AmazonDynamoDBConfig { ServiceURL = uri.AbsoluteUri, AuthenticationRegion = "us-east-1", MaxErrorRetry = 0, MaxStaleConnectionRetries = 0, AllowAutoRedirect = false }));

        await AssertRefusedAsync(scenario);
    }

    [Fact]
    [FaultRow(32, "No credentials are found; the provider throws, or returns null", "A failure that says that the credentials are at fault.")]
    public async Task Credentials_that_come_with_the_second_attempt_are_enough()
    {
        int calls = 0;
        await using var scenario = FaultScenario.StartWithClient(uri => new AmazonDynamoDBClient(
            new HostCredentials(() => Interlocked.Increment(ref calls) == 1 ? throw new HttpRequestException(HttpRequestError.ConnectionError, FaultScenario.SecretMarker) : new ImmutableCredentials("a", "b", null)),
            new AmazonDynamoDBConfig { ServiceURL = uri.AbsoluteUri, AuthenticationRegion = "us-east-1", MaxErrorRetry = 0, MaxStaleConnectionRetries = 0, AllowAutoRedirect = false }));

        StoreResult result = await scenario.Repository.StoreAsync(FaultScenario.Date, FaultScenario.Items(30), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal((StoreStatus.Stored, 30), (result.Status, result.Inserted));
        Assert.True(calls > 1);
    }

    private static async Task AssertRefusedAsync(FaultScenario scenario)
    {
        StoreResult result = await scenario.Repository.StoreAsync(FaultScenario.Date, FaultScenario.Items(30), cancellationToken: TestContext.Current.CancellationToken);
        DigestStoreException read = await Assert.ThrowsAsync<DigestStoreException>(() => scenario.Repository.GetAsync(FaultScenario.Date, TestContext.Current.CancellationToken));

        Assert.Equal((StoreStatus.Failed, 30), (result.Status, result.Failed));
        Assert.All(result.Problems, static problem => Assert.True(problem.Reason == StoreProblemReason.CredentialsRefused, $"{problem.Reason}: {problem.Message}"));
        Assert.True(read.Reason == DigestStoreErrorReason.CredentialsRefused, $"{read.Reason}: {read.Message}");
        Assert.DoesNotContain(FaultScenario.SecretMarker, read.Message + result.Problems[0].Message + string.Concat(scenario.Log.Entries), StringComparison.Ordinal);
        Assert.Equal(0, scenario.Server.Requests.Count);
    }

    private AWSCredentials Provider(string provider)
    {
        switch (provider)
        {
            case "process":
                return new ProcessAWSCredentials("/nonexistent/tool");
            case "web identity":
                return new AssumeRoleWithWebIdentityCredentials("/nonexistent/token", "arn:aws:iam::123456789012:role/digests", "session");
            case "role":
                return new AssumeRoleAWSCredentials(new BasicAWSCredentials("a", "b"), "arn:aws:iam::123456789012:role/digests", "session");
            case "role of a profile":
                string file = Path.Combine(_folder, "credentials");
                File.WriteAllText(file, "[digests]\n" + Role + "source_profile = base\n" + Base);
                var profiles = new SharedCredentialsFile(file);
                Assert.True(profiles.TryGetProfile("digests", out CredentialProfile profile));
                return AWSCredentialsFactory.GetAWSCredentials(profile, profiles);
            case "instance":
                return new InstanceProfileAWSCredentials("digests");
            case "null secret":
                return new HostCredentials(static () => new ImmutableCredentials("a", null, null));
            case "host with a service's answer":
                return new HostCredentials(static () => throw new AmazonServiceException(FaultScenario.SecretMarker, ErrorType.Sender, "AccessDenied", "", System.Net.HttpStatusCode.Forbidden));
            case "host with the network":
                return new HostCredentials(static () => throw new HttpRequestException(HttpRequestError.ConnectionError, FaultScenario.SecretMarker));
            default:
                return new HostCredentials(static () => throw new InvalidTimeZoneException(FaultScenario.SecretMarker));
        }
    }

    private sealed class HostCredentials(Func<ImmutableCredentials> get) : AWSCredentials
    {
        public override ImmutableCredentials GetCredentials() => get();

        public override Task<ImmutableCredentials> GetCredentialsAsync() => Task.FromResult(get());
    }
}
