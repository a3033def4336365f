using System.Net.Http.Headers;

namespace EmailDigest.Feeds;

/// <summary>Fetches feeds from files and addresses, each within a time and a size; what cannot be had is reported.</summary>
internal sealed class FeedLoader(IHttpClientFactory clients)
{
    public const string ClientName = "feeds";

    /// <summary>For one feed, from the first byte sent to the last received.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    /// <summary>16 MB: far above the largest honest feed.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    private const int MaxConcurrency = 4;

    /// <summary>Reads all feeds, in the order given.</summary>
    public async Task<IReadOnlyList<Feed>> LoadAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var feeds = new Feed[names.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrency, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, names.Count, parallel, async (index, token) => feeds[index] = await LoadAsync(names[index], token));
        return feeds;
    }

    private async Task<Feed> LoadAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            bool isAddress = name.Contains("://", StringComparison.Ordinal) && Uri.TryCreate(name, UriKind.Absolute, out _);
            Uri? address = isAddress ? new Uri(name, UriKind.Absolute) : null;
            return FeedReader.Read(address is { IsFile: false }
                ? await DownloadAsync(name, address, cancellationToken)
                : await ReadFileAsync(name, address?.LocalPath ?? name, cancellationToken));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Feed.Unreadable(name, $"no complete answer within {Timeout.TotalSeconds:0} s");
        }
        catch (HttpRequestException failure)
        {
            return Feed.Unreadable(name, failure.StatusCode is { } status ? $"the server answered {(int)status} {status}" : $"not reachable: {failure.Message}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException or NotSupportedException)
        {
            return Feed.Unreadable(name, failure switch
            {
                FileNotFoundException or DirectoryNotFoundException => "no such file",
                UnauthorizedAccessException => Directory.Exists(name) ? "a folder; name the files in it" : "not allowed to read it",
                _ => failure.Message,
            });
        }
    }

    private async Task<FeedDocument> DownloadAsync(string name, Uri address, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Timeout);
        using HttpClient client = clients.CreateClient(ClientName);
        using HttpResponseMessage response = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        response.EnsureSuccessStatusCode();
        await using Stream body = await response.Content.ReadAsStreamAsync(limit.Token);
        ReadOnlyMemory<byte> content = await ReadAsync(body, limit.Token);
        return new FeedDocument(name, content, response.RequestMessage?.RequestUri ?? address, response.Content.Headers.ContentType?.CharSet);
    }

    private static async Task<FeedDocument> ReadFileAsync(string name, string path, CancellationToken cancellationToken)
    {
        await using FileStream file = File.OpenRead(path);
        return new FeedDocument(name, await ReadAsync(file, cancellationToken));
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        byte[] buffer = new byte[81_920];
        int read;
        while ((read = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (content.Length + read > MaxBytes)
            {
                throw new InvalidDataException($"larger than {MaxBytes / (1024 * 1024)} MB");
            }

            content.Write(buffer, 0, read);
        }

        return content.ToArray();
    }

    public static void Configure(HttpClient client)
    {
        client.Timeout = System.Threading.Timeout.InfiniteTimeSpan; // The token covers the body too.
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("EmailDigest", "1.0"));
        client.DefaultRequestHeaders.Accept.ParseAdd("application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, application/json;q=0.9, */*;q=0.5");
    }
}
