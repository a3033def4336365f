using Amazon.Runtime;

namespace DigestStore.FaultTests.Child;

/// <summary>Tells the parent of every request and every answer, so that it can choose its moment.</summary>
internal sealed class TracingHandler() : DelegatingHandler(new SocketsHttpHandler())
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Console.WriteLine(Signals.Sent);
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
        Console.WriteLine(Signals.Answered);
        return response;
    }

    internal sealed class Factory : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new TracingHandler());
    }
}
