using Amazon.Runtime;

namespace DigestStore.FaultTests;

/// <summary>Hands the SDK one handler for everything, so that its whole pipeline runs without a socket.</summary>
internal sealed class HandlerClientFactory(HttpMessageHandler handler) : HttpClientFactory
{
    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(handler, disposeHandler: false);

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    public override string? GetConfigUniqueString(IClientConfig clientConfig) => null;
}
