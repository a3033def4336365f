using System.Globalization;
using System.IO.Hashing;
using System.Net.Http.Headers;
using Amazon.Runtime;
using DigestStore.Table;

namespace DigestStore.DynamoDb;

// The HTTP client of the library's own DynamoDB client.
internal sealed class GatedHttpClientFactory : HttpClientFactory, IDisposable
{
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

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => _client;

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    public void Dispose() => _client.Dispose();

    private sealed class Gate(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        private const string ErrorType = "x-amzn-errortype";
        private const string RequestId = "x-amzn-RequestId";
        private const string Checksum = "x-amz-crc32";

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            // A credential provider that hangs past the deadline comes back to a closed gate, whatever the SDK does with its token.
            Attempt? attempt = Attempt.Current;
            attempt?.Token.ThrowIfCancellationRequested();
            if (request.RequestUri is { Scheme: "http" or "https" })
            {
                // With another scheme .NET refuses it.
                attempt?.Leave();
            }

            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, attempt?.Token ?? CancellationToken.None);
            HttpResponseMessage response = await base.SendAsync(request, ended.Token).ConfigureAwait(false);
            try
            {
                // The SDK reads bodies with blocking reads that no token ends: a stalled one would keep a pool thread for ever.
                AnswerBody body = await AnswerBody.ReadAsync(response.Content, ended.Token).ConfigureAwait(false);
                body.Replace(response);
                string operation = OperationOf(request);
                if (!response.IsSuccessStatusCode)
                {
                    Show(ErrorBody.Rebuild(body.Span), body, response);
                    DropTypeThatIsNone(response);
                }
                else if (operation == "Query" && attempt?.Asked is { } page)
                {
                    attempt.Answer(ReadPage(body.Span, page, response));
                    Show(EmptyPage, body, response);
                }
                else if (DescriptionBody.IsOf(operation))
                {
                    Show(DescriptionBody.Rebuild(body.Span, operation), body, response);
                }
                else if (!AnswerShape.IsSound(body.Span, operation))
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

        private static ReadOnlySpan<byte> EmptyPage => """{"Count":0}"""u8;

        private static PageReply ReadPage(ReadOnlySpan<byte> body, PageRequest page, HttpResponseMessage response)
        {
            // What the SDK does with the other answers; it looks at no checksum either where an encoding is named.
            if (response.Content.Headers.ContentEncoding.Count == 0 &&
                uint.TryParse(Header(response, Checksum), NumberStyles.None, CultureInfo.InvariantCulture, out uint checksum) && checksum != Crc32.HashToUInt32(body))
            {
                throw new IOException("The checksum of the answer is not that of its body.");
            }

            return PageBody.Read(body, page, Header(response, RequestId)) ?? throw new InvalidDataException("The body of the answer is not that of a page.");
        }

        // DynamoDB_20120810.BatchWriteItem
        private static string OperationOf(HttpRequestMessage request)
        {
            string target = request.Headers.NonValidated.TryGetValues("X-Amz-Target", out HeaderStringValues values) ? values.ToString() : "";
            return target[(target.LastIndexOf('.') + 1)..];
        }

        private static string? Header(HttpResponseMessage response, string name) =>
            response.Headers.NonValidated.TryGetValues(name, out HeaderStringValues values) ? values.ToString() : null;

        private static void Show(ReadOnlySpan<byte> instead, AnswerBody body, HttpResponseMessage response)
        {
            body.Rewrite(instead);

            // It was made of the body before.
            response.Headers.Remove(Checksum);
        }

        // Where the body names no type the SDK takes it from here.
        private static void DropTypeThatIsNone(HttpResponseMessage response)
        {
            if (Header(response, ErrorType)?.All(char.IsAsciiLetter) == false)
            {
                response.Headers.Remove(ErrorType);
            }
        }
    }
}
