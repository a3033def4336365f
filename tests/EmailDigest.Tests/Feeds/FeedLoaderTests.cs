using System.Net;
using System.Net.Http.Headers;
using System.Text;
using EmailDigest.Feeds;

namespace EmailDigest.Tests.Feeds;

public sealed class FeedLoaderTests
{
    [Fact]
    public async Task The_servers_encoding_and_the_address_after_redirects_count()
    {
        Feed feed = await LoadAsync(_ => new HttpResponseMessage(HttpStatusCode.OK)
        {
            RequestMessage = new HttpRequestMessage(HttpMethod.Get, "https://moved.example/x/feed.xml"),
            Content = new ByteArrayContent(Encoding.Latin1.GetBytes("<rss><channel><item><title>Grüße</title><link>a</link></item></channel></rss>"))
            {
                Headers = { ContentType = new MediaTypeHeaderValue("text/xml") { CharSet = "iso-8859-1" } },
            },
        });

        var item = Assert.Single(feed.Items);
        Assert.Equal(("Grüße", "https://moved.example/x/a"), (item.Title, item.Url));
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound, "the server answered 404 NotFound")]
    [InlineData(HttpStatusCode.InternalServerError, "the server answered 500 InternalServerError")]
    public async Task An_error_of_the_server_is_reported(HttpStatusCode status, string problem)
    {
        Feed feed = await LoadAsync(_ => new HttpResponseMessage(status));

        Assert.Equal([problem], feed.Problems);
    }

    [Fact]
    public async Task A_body_without_end_is_given_up()
    {
        Feed feed = await LoadAsync(_ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new EndlessStream()) });

        Assert.Equal(["larger than 16 MB"], feed.Problems);
    }

    [Fact]
    public async Task An_answer_that_does_not_come_is_reported()
    {
        Feed feed = await LoadAsync(_ => throw new TaskCanceledException());

        Assert.Equal(["no complete answer within 15 s"], feed.Problems);
    }

    private static async Task<Feed> LoadAsync(Func<HttpRequestMessage, HttpResponseMessage> answer) =>
        Assert.Single(await new FeedLoader(new Factory(answer)).LoadAsync(["https://example.com/feed.xml"], CancellationToken.None));

    private sealed class Factory(Func<HttpRequestMessage, HttpResponseMessage> answer) : IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => new(new Handler(answer));
    }

    private sealed class Handler(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpResponseMessage response = answer(request);
            response.RequestMessage ??= request;
            return Task.FromResult(response);
        }
    }

    private sealed class EndlessStream : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => 0; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => count;

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
