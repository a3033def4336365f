using System.Net.Http.Headers;
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
        private const string ErrorType = "x-amzn-errortype";

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
                if (!response.IsSuccessStatusCode)
                {
                    ShowAsError(body, response);
                }
                else if (!AnswerShape.IsSound(body.Span, OperationOf(request)))
                {
                    throw new InvalidDataException("The body of the answer is not that of a DynamoDB answer.");
                }

                return response;
            }
            catch
            {
                response.Dispose();
                throw;
            }
        }

        // DynamoDB_20120810.Query
        private static string OperationOf(HttpRequestMessage request)
        {
            string target = request.Headers.NonValidated.TryGetValues("X-Amz-Target", out HeaderStringValues values) ? values.ToString() : "";
            return target[(target.LastIndexOf('.') + 1)..];
        }

        private static void ShowAsError(AnswerBody body, HttpResponseMessage response)
        {
            body.Rewrite(ErrorBody.Rebuild(body.Span));

            // It was made of the body before.
            response.Headers.Remove("x-amz-crc32");

            // Where the body names no type the SDK takes it from here.
            if (response.Headers.NonValidated.TryGetValues(ErrorType, out HeaderStringValues type) && !type.ToString().All(char.IsAsciiLetter))
            {
                response.Headers.Remove(ErrorType);
            }
        }
    }
}
