using Amazon.DynamoDBv2;
using DigestStore.DynamoDb;

namespace DigestStore.Doctor;

// The client of one inspection. A client that the library has made is disposed of at its end, which also ends the requests that are still
// under way.
internal sealed class DoctorClient(IAmazonDynamoDB client, params IDisposable[] owned) : IDisposable
{
    public IAmazonDynamoDB Client { get; } = client;

    public static Func<DigestStoreOptions, DoctorClient> Injected(IAmazonDynamoDB client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return _ => new DoctorClient(client);
    }

    public static DoctorClient Own(DigestStoreOptions options)
    {
        var httpClients = new InspectingHttpClientFactory(options);
        try
        {
            AmazonDynamoDBClient client = ClientFactory.Create(options, httpClients);
            return new DoctorClient(client, client, httpClients);
        }
        catch
        {
            httpClients.Dispose();
            throw;
        }
    }

    public void Dispose() => Array.ForEach(owned, static one => one.Dispose());
}
