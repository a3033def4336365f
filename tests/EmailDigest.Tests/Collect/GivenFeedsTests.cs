using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using DigestStore;
using EmailDigest.Collect;
using EmailDigest.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace EmailDigest.Tests.Collect;

/// <summary>Small feeds that went wrong once, with the right values, as <c>Data/expected.json</c> has them; from a file and from a server.</summary>
public sealed class GivenFeedsTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Collect", "Data");

    public static TheoryData<string> Files => [.. Cases().Select(expected => expected.GetProperty("file").GetString()!)];

    [Fact]
    public void Every_document_has_its_case() => Assert.Equal(
        Directory.GetFiles(Folder).Select(Path.GetFileName).Where(name => name != "expected.json").Order(StringComparer.Ordinal),
        Cases().Select(expected => expected.GetProperty("file").GetString()).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Files))]
    public async Task The_entries_are_the_right_ones(string file)
    {
        JsonElement expected = Cases().Single(given => given.GetProperty("file").GetString() == file);
        byte[] content = await File.ReadAllBytesAsync(Path.Combine(Folder, file), TestContext.Current.CancellationToken);
        bool isZipped = expected.TryGetProperty("http_headers", out JsonElement headers) && headers.TryGetProperty("Content-Encoding", out _);
        await using var server = new FeedServer();
        string address = server.Document("/feed", isZipped ? Zipped(content) : content, isZipped ? "HTTP/1.1 200 OK\r\nContent-Encoding: gzip" : "HTTP/1.1 200 OK");
        var services = new ServiceCollection();
        FeedLoader.AddClient(services);
        await using ServiceProvider provider = services.AddSingleton(TimeProvider.System).AddSingleton<FeedLoader>().BuildServiceProvider();

        IReadOnlyList<Feed> feeds = await provider.GetRequiredService<FeedLoader>().LoadAsync([Path.Combine(Folder, file), address], CancellationToken.None);

        Assert.All(feeds, feed => Check(expected.GetProperty("expect"), feed));
    }

    private static void Check(JsonElement expected, Feed feed)
    {
        JsonElement[] entries = [.. expected.EnumerateArray()];
        Assert.Equal(entries.Select(entry => entry.GetProperty("title").GetString()), feed.Items.Select(item => item.Title));
        Assert.Equal(entries.Select(entry => entry.GetProperty("url").GetString()), feed.Items.Select(item => item.Url));
        foreach ((JsonElement entry, DigestItem item) in entries.Zip(feed.Items))
        {
            if (entry.TryGetProperty("tags", out JsonElement tags))
            {
                Assert.Equal(tags.EnumerateArray().Select(tag => tag.GetString()), item.Tags);
            }

            if (entry.TryGetProperty("published", out JsonElement published))
            {
                Assert.Equal(published.GetString() is { } date ? DateTimeOffset.Parse(date, CultureInfo.InvariantCulture) : null, item.PublishedAt);
            }
        }
    }

    private static JsonElement.ArrayEnumerator Cases() => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "expected.json"))).RootElement.GetProperty("cases").EnumerateArray();

    private static byte[] Zipped(byte[] content)
    {
        using var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionMode.Compress))
        {
            zip.Write(content);
        }

        return bytes.ToArray();
    }
}
