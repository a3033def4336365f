using System.IO.Compression;
using System.Net;
using System.Reflection;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace EmailDigest.Collect;

/// <summary>Reads feeds, each on its own and within <see cref="FeedLimits"/>: whatever one of them does costs that one alone.</summary>
internal sealed class FeedLoader(IHttpClientFactory clients, TimeProvider clock)
{
    private const string ClientName = "feeds";
    private const string BundledPrefix = "bundled: ";
    private const int MaxConcurrency = 4;

    /// <summary>The feeds that come with the sample; invented, with the usual oddities on purpose.</summary>
    public static IReadOnlyList<string> Bundled =>
        [.. Assembly.GetExecutingAssembly().GetManifestResourceNames().Where(name => name.StartsWith(BundledPrefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    public static void AddClient(IServiceCollection services) => services
        .AddHttpClient(ClientName, client =>
        {
            client.Timeout = Timeout.InfiniteTimeSpan; // The guard's time covers the body too.
            client.DefaultRequestHeaders.UserAgent.ParseAdd("EmailDigest/1.0");
            client.DefaultRequestHeaders.Accept.ParseAdd("application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, application/json;q=0.9, */*;q=0.5");
        })
        .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.All, MaxAutomaticRedirections = FeedLimits.Redirects, UseCookies = false })
        .AddResilienceHandler("retry", pipeline => pipeline.AddRetry(new HttpRetryStrategyOptions { MaxRetryAttempts = 2, Delay = TimeSpan.FromMilliseconds(300), ShouldRetryAfterHeader = false }));

    /// <summary>Reads all feeds, in the order given.</summary>
    public async Task<IReadOnlyList<Feed>> LoadAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var feeds = new Feed[names.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrency, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, names.Count, parallel, async (index, token) =>
            feeds[index] = await GuardAsync(names[index], fetch => FetchAsync(names[index], fetch), Feed.Read, token));
        return feeds;
    }

    /// <summary>The one guard: any exception becomes the feed's problem, and what does not end is left behind on its own thread.</summary>
    public async Task<Feed> GuardAsync(string name, Func<CancellationToken, Task<FeedDocument>> fetch, Func<FeedDocument, Feed> parse, CancellationToken cancellationToken)
    {
        string late = $"no complete answer within {FeedLimits.FetchTime.TotalSeconds:0} s";
        try
        {
            using var time = new CancellationTokenSource(FeedLimits.FetchTime, clock);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, time.Token);
            // Opening a file can block for ever too, for example that of a pipe.
            FeedDocument document = await OnThread(() => fetch(stop.Token).GetAwaiter().GetResult()).WaitAsync(stop.Token);
            late = $"not parsed within {FeedLimits.ParseTime.TotalSeconds:0} s";
            return await OnThread(() => parse(document)).WaitAsync(FeedLimits.ParseTime, clock, cancellationToken);
        }
        catch (Exception failure)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Feed.Unreadable(name, failure is OperationCanceledException or TimeoutException ? late : EntryText.Clean(Describe(name, failure), 200));
        }
    }

    // A thread of its own ends with the process, however long its work takes.
    private static Task<T> OnThread<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static string Describe(string name, Exception failure) => failure switch
    {
        HttpRequestException { StatusCode: { } status } => $"the server answered {(int)status} {status}",
        HttpRequestException => $"not reachable: {failure.Message}",
        FileNotFoundException or DirectoryNotFoundException => "no such file",
        UnauthorizedAccessException => Directory.Exists(name) ? "a folder; name the files in it" : "not allowed to read it",
        NotSupportedException or UriFormatException => "it redirects to an address that is not http(s)",
        IOException or InvalidDataException or FeedLimitException => failure.Message,
        _ => $"{failure.GetType().Name}: {failure.Message}",
    };

    private async Task<FeedDocument> FetchAsync(string name, CancellationToken cancellationToken)
    {
        Uri? address = name.Contains("://", StringComparison.Ordinal) ? new Uri(name) : null;
        if (address is null or { IsFile: true })
        {
            Stream? bundled = name.StartsWith(BundledPrefix, StringComparison.Ordinal) ? Assembly.GetExecutingAssembly().GetManifestResourceStream(name) : null;
            return new FeedDocument(name, await ReadAsync(bundled ?? File.OpenRead(address?.LocalPath ?? name), cancellationToken));
        }

        using HttpClient client = clients.CreateClient(ClientName);
        using HttpResponseMessage response = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        byte[] content = await ReadAsync(await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken);
        return new FeedDocument(name, content, response.RequestMessage?.RequestUri ?? address, response.Content.Headers.ContentType?.CharSet);
    }

    private static async Task<byte[]> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        await using (body)
        {
            byte[] buffer = new byte[81_920];
            int read;
            while ((read = await body.ReadAsync(buffer, cancellationToken)) > 0)
            {
                content.Write(buffer, 0, read);
                if (content.Length > FeedLimits.Bytes)
                {
                    throw new FeedLimitException($"larger than {FeedLimits.Bytes / (1024 * 1024)} MB");
                }
            }
        }

        // Some servers send gzip and do not say so, and a file may be compressed as well.
        byte[] bytes = content.ToArray();
        return bytes is [0x1F, 0x8B, ..] ? await ReadAsync(new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress), cancellationToken) : bytes;
    }
}
