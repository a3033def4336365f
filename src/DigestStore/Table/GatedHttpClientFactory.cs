using Amazon.Runtime;

namespace DigestStore.Table;

// The HTTP client of the library's own DynamoDB client.
internal sealed class GatedHttpClientFactory : HttpClientFactory, IDisposable
{
    private static readonly AsyncLocal<CancellationToken> Attempt = new();

    private readonly HttpClient _client;

    public GatedHttpClientFactory(DigestStoreOptions options)
    {
        var sockets = new SocketsHttpHandler
        {
            // A redirect is followed without body and signature, and a 200 from its target would be taken for success.
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = options.ConnectTimeout,
            MaxConnectionsPerServer = Math.Max(options.MaxConcurrency * 2, 16),

            // Addresses of the service change; a connection that is kept for ever never notices.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        _client = new HttpClient(new Gate(sockets)) { Timeout = Timeout.InfiniteTimeSpan };
    }

    // Whatever this flow sends from here on belongs to one attempt, and goes out only as long as the attempt lives.
    public static void Enter(CancellationToken attempt) => Attempt.Value = attempt;

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => _client;

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    public void Dispose() => _client.Dispose();

    private sealed class Gate(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            // A credential provider that hangs past the deadline comes back to a closed gate, whatever the SDK does with its token.
            CancellationToken attempt = Attempt.Value;
            attempt.ThrowIfCancellationRequested();
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, attempt);
            HttpResponseMessage response = await base.SendAsync(request, ended.Token).ConfigureAwait(false);
            try
            {
                // The SDK reads bodies with blocking reads that no token ends: a stalled one would keep a pool thread for ever.
                AnswerBody body = await AnswerBody.ReadAsync(response.Content, ended.Token).ConfigureAwait(false);
                body.Replace(response);
                if (!AnswerShape.IsSound(body.Span))
                {
                    Withhold(body, response);
                }

                return response;
            }
            catch
            {
                response.Dispose();
                throw;
            }
        }

        // An answer of another shape is none; an error of another shape is known by its status alone.
        private static void Withhold(AnswerBody body, HttpResponseMessage response)
        {
            if (response.IsSuccessStatusCode)
            {
                throw new InvalidDataException("The body of the answer is not that of a DynamoDB answer.");
            }

            response.Headers.Remove("x-amz-crc32");
            body.Clear();
        }
    }
}
