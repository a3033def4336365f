using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using DigestStore;
using DigestStore.Testing;
using EmailDigest.Collect;
using EmailDigest.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace EmailDigest.Tests.Collect;

public sealed class FeedLoaderTests
{
    private const string Good = "<rss version=\"2.0\"><channel><title>G</title><item><title>good</title><link>https://example.com/good</link></item></channel></rss>";

    private static readonly FeedDocument Empty = new("x", ReadOnlyMemory<byte>.Empty);

    [Fact]
    public async Task The_servers_encoding_and_the_address_after_redirects_count()
    {
        await using var server = new FeedServer();
        server.Document("/x/feed.xml", Encoding.Latin1.GetBytes("<rss><channel><item><title>Grüße</title><link>a</link></item></channel></rss>"), "HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=iso-8859-1");
        string old = server.Document("/old", "", "HTTP/1.1 301 Moved\r\nLocation: /x/feed.xml");

        DigestItem item = Assert.Single((await LoadAsync(old)).Items);

        Assert.Equal(("Grüße", server.Address + "/x/a"), (item.Title, item.Url));
    }

    [Theory]
    [InlineData("file:///etc/passwd", "it redirects to an address that is not http(s)")]
    [InlineData("ftp://127.0.0.1/feed.xml", "it redirects to an address that is not http(s)")]
    [InlineData("gopher://x/", "it redirects to an address that is not http(s)")]
    [InlineData("data:text/xml,x", "it redirects to an address that is not http(s)")]
    [InlineData("javascript:alert(1)", "it redirects to an address that is not http(s)")]
    public async Task A_redirect_leads_to_http_only(string location, string problem)
    {
        await using var server = new FeedServer();

        Feed feed = await LoadAsync(server.Document("/x", "", $"HTTP/1.1 302 Found\r\nLocation: {location}"));

        Assert.Equal([problem], feed.Problems);
        Assert.Equal(1, server.Requests);
    }

    [Theory]
    [InlineData("http://[bad")]
    [InlineData("http://")]
    [InlineData("%%%")]
    [InlineData("/x")]
    public async Task Any_other_redirect_is_that_feeds_problem_only(string location)
    {
        await using var server = new FeedServer();
        string odd = server.Document("/x", "", $"HTTP/1.1 302 Found\r\nLocation: {location}");

        IReadOnlyList<Feed> feeds = await Loader().LoadAsync([odd, server.Document("/good", Good)], CancellationToken.None);

        Assert.NotEmpty(feeds[0].Problems);
        Assert.Equal("good", Assert.Single(feeds[1].Items).Title);
    }

    [Theory]
    [InlineData("404 Not Found", "the server answered 404 NotFound", 1)]
    [InlineData("500 Internal Server Error", "the server answered 500 InternalServerError", 3)]
    [InlineData("503 Unavailable\r\nRetry-After: 3600", "the server answered 503 ServiceUnavailable", 3)]
    public async Task An_error_of_the_server_is_reported_and_one_that_may_pass_is_asked_again(string status, string problem, int requests)
    {
        await using var server = new FeedServer();

        Feed feed = await LoadAsync(server.Document("/x", "", $"HTTP/1.1 {status}"));

        Assert.Equal([problem], feed.Problems);
        Assert.Equal(requests, server.Requests);
    }

    [Theory]
    [InlineData("gzip", "Content-Encoding: gzip")]
    [InlineData("gzip", "Content-Encoding: GZIP")]
    [InlineData("gzip", "X-Says: nothing")]
    [InlineData("gzip", "Content-Encoding: x-gzip")]
    [InlineData("deflate", "Content-Encoding: deflate")]
    [InlineData("br", "Content-Encoding: br")]
    public async Task What_is_compressed_is_read_whatever_was_asked_for(string how, string header)
    {
        await using var server = new FeedServer();

        Feed feed = await LoadAsync(server.Document("/x", Compressed(Encoding.UTF8.GetBytes(Good), how), $"HTTP/1.1 200 OK\r\n{header}"));

        Assert.Equal("good", Assert.Single(feed.Items).Title);
    }

    [Theory]
    [InlineData("Content-Encoding: gzip")]
    [InlineData("X-Says: nothing")]
    public async Task The_limit_of_bytes_is_one_of_those_after_decompression(string header)
    {
        await using var server = new FeedServer();
        byte[] bomb = Compressed(new byte[FeedLimits.Bytes + 1], "gzip");

        Feed feed = await LoadAsync(server.Document("/x", bomb, $"HTTP/1.1 200 OK\r\n{header}"));

        Assert.Equal(["larger than 8 MB"], feed.Problems);
    }

    [Fact]
    public async Task A_body_without_end_is_given_up()
    {
        await using var server = new FeedServer();

        Assert.Equal(["larger than 8 MB"], (await LoadAsync(server.Endless("/x", "<rss>"))).Problems);
        Assert.Equal(["larger than 8 MB"], (await LoadAsync("/dev/zero")).Problems);
    }

    [Fact]
    public async Task An_answer_that_stalls_is_given_up()
    {
        await using var server = new FeedServer();
        string stalled = server.Stalled("/x");
        var clock = new VirtualTimeProvider();

        Task<Feed> loading = LoadAsync(stalled, clock);
        await server.Asked;
        Feed feed = await clock.RunAsync(loading);

        Assert.Equal(["no complete answer within 15 s"], feed.Problems);
    }

    [Fact]
    public async Task A_pipe_that_nobody_writes_to_is_given_up()
    {
        using var folder = new TemporaryFolder();
        string pipe = await folder.PipeAsync("pipe");

        Feed feed = await RunAsync(clock => LoadAsync(pipe, clock));

        Assert.Equal(["no complete answer within 15 s"], feed.Problems);
    }

    [Fact]
    public async Task Parsing_that_does_not_end_is_left_behind()
    {
        using var never = new ManualResetEventSlim();

        Feed feed = await RunAsync(clock => Loader(clock).GuardAsync(
            "x",
            _ => Task.FromResult(Empty),
            document =>
            {
                never.Wait();
                return Feed.Read(document);
            },
            CancellationToken.None));
        never.Set();

        Assert.Equal(["not parsed within 10 s"], feed.Problems);
    }

    [Fact]
    public async Task Stopping_waits_neither_for_fetching_nor_for_parsing()
    {
        using var never = new ManualResetEventSlim();
        using var stop = new CancellationTokenSource();
        FeedLoader loader = Loader();
        Task<Feed> fetching = loader.GuardAsync("x", _ => new TaskCompletionSource<FeedDocument>().Task, Feed.Read, stop.Token);
        Task<Feed> parsing = loader.GuardAsync("x", _ => Task.FromResult(Empty), document => { never.Wait(); return Feed.Read(document); }, stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetching);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => parsing);
        never.Set();
    }

    [Theory]
    [InlineData(typeof(OutOfMemoryException))]
    [InlineData(typeof(InsufficientExecutionStackException))]
    [InlineData(typeof(NullReferenceException))]
    [InlineData(typeof(UriFormatException))]
    [InlineData(typeof(RegexMatchTimeoutException))]
    [InlineData(typeof(AggregateException))]
    public async Task Any_exception_is_the_feeds_problem(Type exception)
    {
        var failure = (Exception)Activator.CreateInstance(exception)!;

        Feed fetched = await Loader().GuardAsync("x", _ => throw failure, Feed.Read, CancellationToken.None);
        Feed parsed = await Loader().GuardAsync("x", _ => Task.FromResult(Empty), _ => throw failure, CancellationToken.None);

        Assert.NotEmpty(Assert.Single(fetched.Problems));
        Assert.NotEmpty(Assert.Single(parsed.Problems));
    }

    private static FeedLoader Loader(TimeProvider? clock = null)
    {
        var services = new ServiceCollection();
        FeedLoader.AddClient(services);
        return services.AddSingleton(clock ?? TimeProvider.System).AddSingleton<FeedLoader>().BuildServiceProvider().GetRequiredService<FeedLoader>();
    }

    private static async Task<Feed> LoadAsync(string name, TimeProvider? clock = null) => Assert.Single(await Loader(clock).LoadAsync([name], CancellationToken.None));

    private static Task<Feed> RunAsync(Func<TimeProvider, Task<Feed>> work)
    {
        var clock = new VirtualTimeProvider();
        return clock.RunAsync(work(clock));
    }

    private static byte[] Compressed(byte[] content, string how)
    {
        using var bytes = new MemoryStream();
        using (Stream stream = how == "gzip" ? new GZipStream(bytes, CompressionMode.Compress) : how == "br" ? new BrotliStream(bytes, CompressionMode.Compress) : new ZLibStream(bytes, CompressionMode.Compress))
        {
            stream.Write(content);
        }

        return bytes.ToArray();
    }
}
