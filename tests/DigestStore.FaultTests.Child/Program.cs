using System.Globalization;
using System.Runtime.InteropServices;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using DigestStore;
using DigestStore.FaultTests.Child;

// A job that stores a digest and is killed by its parent: <endpoint> <table> <from> <count> [<directory of dead letters>]
using var client = new AmazonDynamoDBClient(new BasicAWSCredentials("test", "test"), new AmazonDynamoDBConfig
{
    ServiceURL = args[0],
    AuthenticationRegion = "us-east-1",
    MaxErrorRetry = 0,
    MaxStaleConnectionRetries = 0,
    HttpClientFactory = new TracingHandler.Factory(),
});
FileDeadLetterSink? letters = args.Length > 4 ? new FileDeadLetterSink(new FileDeadLetterOptions { Directory = args[4] }) : null;
var options = new DigestStoreOptions { TableName = args[1], MaxConcurrency = 2, AttemptTimeout = TimeSpan.FromSeconds(20) };
using var repository = new DigestRepository(client, options, deadLetters: letters);

using var stop = new CancellationTokenSource();
using PosixSignalRegistration onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = true;
    stop.Cancel();
});
Console.WriteLine(Signals.Ready);
try
{
    DigestItem[] items = ChildItems.Range(int.Parse(args[2], CultureInfo.InvariantCulture), int.Parse(args[3], CultureInfo.InvariantCulture));
    StoreResult result = await repository.StoreAsync(ChildItems.Date, items, cancellationToken: stop.Token);
    Console.WriteLine($"{Signals.Done} {result.Status}");
}
catch (DigestStoreCanceledException canceled)
{
    StoreResult result = canceled.Result;
    Console.WriteLine($"{Signals.Canceled} {result.Inserted + result.Updated + result.Unchanged} {result.Failed} {result.DeadLettered}");
}
