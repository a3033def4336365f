using System.Globalization;
using System.Runtime.InteropServices;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using DigestStore;
using DigestStore.FaultTests.Child;

if (args[0] == FileJob.Word)
{
    await FileJob.RunAsync(args[1..]);
    return;
}

// A job that stores a digest and is killed or terminated by its parent: <cancel|dispose> <endpoint> <table> <from> <count> [<directory of dead letters>]
// The first word says what its host does when asked to end (SIGTERM).
(string onEnd, string endpoint, string table) = (args[0], args[1], args[2]);
int unobserved = 0;
TaskScheduler.UnobservedTaskException += (_, _) => Interlocked.Increment(ref unobserved);
using var client = new AmazonDynamoDBClient(new BasicAWSCredentials("test", "test"), new AmazonDynamoDBConfig
{
    ServiceURL = endpoint,
    AuthenticationRegion = "us-east-1",
    MaxErrorRetry = 0,
    MaxStaleConnectionRetries = 0,
    HttpClientFactory = new TracingHandler.Factory(),
});
FileDeadLetterSink? letters = args.Length > 5 ? new FileDeadLetterSink(new FileDeadLetterOptions { Directory = args[5] }) : null;
var options = new DigestStoreOptions { TableName = table, MaxConcurrency = 2, AttemptTimeout = TimeSpan.FromSeconds(20) };
using var repository = new DigestRepository(client, options, new DigestStoreServices { DeadLetters = letters });
DigestItem[] items = ChildItems.Range(int.Parse(args[3], CultureInfo.InvariantCulture), int.Parse(args[4], CultureInfo.InvariantCulture));

using var stop = new CancellationTokenSource();
using PosixSignalRegistration onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = true;
    if (onEnd == "dispose")
    {
        repository.Dispose();
    }
    else
    {
        stop.Cancel();
    }
});
Console.WriteLine(Signals.Ready);
Console.WriteLine(await StoreAsync());
repository.Dispose();
for (int round = 0; round < 3; round++)
{
    GC.Collect();
    GC.WaitForPendingFinalizers();
}

Console.WriteLine($"{Signals.Unobserved} {unobserved}");

async Task<string> StoreAsync()
{
    try
    {
        StoreResult result = await repository.StoreAsync(ChildItems.Date, items, cancellationToken: stop.Token);
        return $"{Signals.Done} {result.Status} {Counts(result)}";
    }
    catch (DigestStoreCanceledException canceled)
    {
        return $"{Signals.Canceled} {Counts(canceled.Result)}";
    }
}

static string Counts(StoreResult result) => $"{result.Inserted + result.Updated + result.Unchanged} {result.Failed} {result.DeadLettered}";
