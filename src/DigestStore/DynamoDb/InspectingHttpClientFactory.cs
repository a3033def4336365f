using System.Globalization;
using System.IO.Hashing;
using System.Net.Http.Headers;
using Amazon.Runtime;
using DigestStore.Table;

namespace DigestStore.DynamoDb;

// Provides the HTTP client of the library's own DynamoDB client. It checks every response before the SDK reads it (docs/adr/0009).
internal sealed class InspectingHttpClientFactory : HttpClientFactory, IDisposable
{
    private readonly HttpClient _client;

    public InspectingHttpClientFactory(DigestStoreOptions options)
    {
        var sockets = new SocketsHttpHandler
        {
            // .NET follows a redirect without the body and the signature, and a 200 from the new target would be taken for success.
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = options.ConnectTimeout,
            MaxConnectionsPerServer = Math.Max(options.MaxConcurrency * 2, 16),

            // The addresses of the service change, and only a new connection looks them up again.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        _client = new HttpClient(new ResponseInspector(sockets)) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => _client;

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    public void Dispose() => _client.Dispose();

    private sealed class ResponseInspector(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        private const string ErrorType = "x-amzn-errortype";
        private const string RequestId = "x-amzn-RequestId";
        private const string Checksum = "x-amz-crc32";

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            // A credential provider may return only after the deadline. The SDK would still send the request then.
            SdkCall? call = SdkCall.Current;
            CancellationToken abandoned = call?.Attempt.Token ?? CancellationToken.None;
            abandoned.ThrowIfCancellationRequested();
            if (request.RequestUri is { Scheme: "http" or "https" })
            {
                // .NET refuses any other scheme before it sends, so the call then stays in preparation and counts as not sent.
                call?.EndPreparation();
            }

            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, abandoned);
            HttpResponseMessage response = await base.SendAsync(request, ended.Token).ConfigureAwait(false);
            try
            {
                // The SDK reads a body with blocking reads that no token ends, so a stalled body would hold a pool thread for ever.
                AnswerBody body = await AnswerBody.ReadAsync(response.Content, ended.Token).ConfigureAwait(false);
                body.Replace(response);
                string operation = OperationOf(request);
                if (!response.IsSuccessStatusCode)
                {
                    ReplaceBody(ErrorBody.Rebuild(body.Span), body, response);
                    RemoveInvalidErrorType(response);
                }
                else if (operation == "Query" && call?.RequestedPage is { } page)
                {
                    call.SetPage(page, ReadPage(body.Span, page, response));
                    ReplaceBody(EmptyPage, body, response);
                }
                else if (DescriptionBody.IsDescription(operation))
                {
                    ReplaceBody(DescriptionBody.Rebuild(body.Span, operation), body, response);
                }
                else if (!AnswerShape.IsValid(body.Span, operation))
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
            // The SDK cannot check this checksum, because it gets an empty page instead. It checks that of all other responses. As in the SDK,
            // the checksum of a response with a Content-Encoding is not checked.
            if (response.Content.Headers.ContentEncoding.Count == 0 &&
                uint.TryParse(Header(response, Checksum), NumberStyles.None, CultureInfo.InvariantCulture, out uint checksum) && checksum != Crc32.HashToUInt32(body))
            {
                throw new IOException("The checksum of the answer is not that of its body.");
            }

            return PageBody.Read(body, page, Header(response, RequestId)) ?? throw new InvalidDataException("The body of the answer is not that of a page.");
        }

        // The header X-Amz-Target holds the version of the API and the operation, as in DynamoDB_20120810.BatchWriteItem.
        private static string OperationOf(HttpRequestMessage request)
        {
            string target = request.Headers.NonValidated.TryGetValues("X-Amz-Target", out HeaderStringValues values) ? values.ToString() : "";
            return target[(target.LastIndexOf('.') + 1)..];
        }

        private static string? Header(HttpResponseMessage response, string name) =>
            response.Headers.NonValidated.TryGetValues(name, out HeaderStringValues values) ? values.ToString() : null;

        private static void ReplaceBody(ReadOnlySpan<byte> replacement, AnswerBody body, HttpResponseMessage response)
        {
            body.Rewrite(replacement);

            // The checksum is that of the old body, so the SDK would refuse the new one.
            response.Headers.Remove(Checksum);
        }

        // If the body names no error type, the SDK takes it from this header. A value that is not a type must not get into logs.
        private static void RemoveInvalidErrorType(HttpResponseMessage response)
        {
            if (Header(response, ErrorType)?.All(char.IsAsciiLetter) == false)
            {
                response.Headers.Remove(ErrorType);
            }
        }
    }
}
