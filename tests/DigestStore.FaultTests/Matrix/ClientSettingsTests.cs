using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

/// <summary>Everything that the SDK makes a client of, broken for real: the store says that the settings are at fault, which one, and that nothing was sent.</summary>
[Collection(AloneCollection.Name)]
public sealed class ClientSettingsTests : IDisposable
{
    private const string Case = "DIGESTSTORE_TEST_SETTING";
    private const string Region = "AWS_REGION=eu-central-1";

    // Nobody listens there, and credentials are at hand.
    private const string Nowhere = "AWS_ENDPOINT_URL=http://127.0.0.1:1";

    private readonly string _folder = Directory.CreateTempSubdirectory("digeststore-settings-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string, string[], string> Settings { get; } = new()
    {
        { "the endpoint is no URL", [Region, "AWS_ENDPOINT_URL=garbage"], "AWS_ENDPOINT_URL is 'garbage', but must be an absolute http or https URL" },
        { "the endpoint has no such port", [Region, "AWS_ENDPOINT_URL=http://127.0.0.1:99999"], "AWS_ENDPOINT_URL is 'http://127.0.0.1:99999', but must be an absolute http or https URL" },
        { "the endpoint is not of the web", [Region, "AWS_ENDPOINT_URL_DYNAMODB=ftp://files.invalid"], "AWS_ENDPOINT_URL_DYNAMODB is 'ftp://files.invalid', but must be an absolute http or https URL" },
        { "the endpoint hides a password", [Region, "AWS_ENDPOINT_URL=nonsense://user:s3cr3t@example.com"], "AWS_ENDPOINT_URL is '?@example.com', but must be an absolute http or https URL" },
        { "the region is no name", ["AWS_REGION=eu central"], "AWS_REGION is 'eu central', but must be the name of an AWS region" },
        { "there is no region", [], "Set Region or ServiceUrl" },
        { "FIPS and an endpoint", [Region, Nowhere, "AWS_USE_FIPS_ENDPOINT=true"], "AWS_USE_FIPS_ENDPOINT is 'true', but must be false where" },
        { "dual stack and an endpoint", [Region, Nowhere, "AWS_USE_DUALSTACK_ENDPOINT=true"], "AWS_USE_DUALSTACK_ENDPOINT is 'true', but must be false where" },
        { "an account is required", [Region, "AWS_ACCOUNT_ID_ENDPOINT_MODE=required"], "AWS_ACCOUNT_ID_ENDPOINT_MODE is 'required', but must be preferred or disabled" },
        { "the configuration file is malformed", [Region, Nowhere, "AWS_CONFIG_FILE={folder}/config"], "A file of the AWS SDK's cannot be read" },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    [FaultRow(31, "Neither a region nor an endpoint is known", "The container resolves the repository; storing returns a failure that says what to set.")]
    public async Task Settings_of_the_environment_that_make_no_client_are_told_by_name(string setting, string[] variables, string told)
    {
        // The SDK reads them once in the life of a process.
        if (!ChildRun.IsChild)
        {
            await File.WriteAllTextAsync(Path.Combine(_folder, "config"), "[default\ns3cr3t\n", TestContext.Current.CancellationToken);
            (string Name, string? Value)[] environment =
            [
                .. CredentialTests.Bare, ("AWS_EC2_METADATA_DISABLED", "true"), ("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "b"),
                .. variables.Select(variable => variable.Replace("{folder}", _folder, StringComparison.Ordinal).Split('=', 2)).Select(static pair => (pair[0], (string?)pair[1])), (Case, setting),
            ];
            await ChildRun.OfThisTestAsync(typeof(ClientSettingsTests), environment);
            return;
        }

        if (Environment.GetEnvironmentVariable(Case) != setting)
        {
            return;
        }

        await using var scenario = FaultScenario.Start(static options => (options.ServiceUrl, options.Region) = (null, null));
        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(30));
        DigestStoreException read = await Assert.ThrowsAsync<DigestStoreException>(() => scenario.Repository.GetAsync(FaultScenario.Date, TestContext.Current.CancellationToken));

        Assert.Equal((StoreStatus.Failed, 30), (result.Status, result.Failed));
        Assert.All(result.Problems, static problem => Assert.Equal(StoreProblemReason.Misconfigured, problem.Reason));
        Assert.Contains(told, result.Problems[0].Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", result.Problems[0].Message, StringComparison.Ordinal);
        Assert.Equal(DigestStoreErrorReason.Misconfigured, read.Reason);
        Assert.Contains(told, read.Message, StringComparison.Ordinal);
        Assert.Equal(1, result.Cost.Requests);
    }
}
