using System.Collections.Concurrent;
using Amazon.Runtime;

namespace DigestStore.FaultTests;

/// <summary>Counts what goes out to an engine, below the SDK and its retries, and can act just before a request.</summary>
internal sealed class WireTap : HttpClientFactory
{
    private readonly ConcurrentDictionary<string, int> _counts = new();

    /// <summary>Runs before a request is sent, with its operation and its number within the operation, from 1.</summary>
    public Func<string, int, Task> Before { get; set; } = static (_, _) => Task.CompletedTask;

    public int Count => _counts.Values.Sum();

    public int CountOf(string operation) => _counts.GetValueOrDefault(operation);

    public override HttpClient CreateHttpClient(IClientConfig clientConfig)
    {
        var counter = new Counter(this) { InnerHandler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false } };
        return new HttpClient(counter) { Timeout = TimeSpan.FromSeconds(30) };
    }

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    private sealed class Counter(WireTap tap) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            string operation = request.Headers.GetValues("X-Amz-Target").Single().Split('.')[^1];
            int number = tap._counts.AddOrUpdate(operation, 1, static (_, count) => count + 1);
            await tap.Before(operation, number);
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
