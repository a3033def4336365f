using System.Text.Json;
using DigestStore.TestSupport;
using EmailDigest.Collect;
using EmailDigest.Tests.Support;

namespace EmailDigest.Tests.Collect;

/// <summary>Real feed documents, which belong to their publishers and are therefore not in the repository.</summary>
public sealed class RealFeedsTests
{
    [Fact]
    public void Every_real_feed_has_the_documented_number_of_entries()
    {
        string data = FolderOrSkip();
        Dictionary<string, int> documented = File.ReadLines(Path.Combine(data, "..", "feed_items.jsonl"))
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("feed").GetString()!)
            .GroupBy(name => name, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        string[] files = [.. Directory.GetFiles(data).Order(StringComparer.Ordinal)];

        // One that is malformed has an entry that a strict reader does not reach.
        Assert.Equal(
            files.Select(file => (Path.GetFileName(file), documented.GetValueOrDefault(Path.GetFileName(file)) + (file.EndsWith("atom10_feed_entry_source_title_text.xml", StringComparison.Ordinal) ? 1 : 0))),
            files.Select(file => (Path.GetFileName(file), Read.Bytes(File.ReadAllBytes(file)).Items.Count)));
    }

    [Fact]
    public void The_links_of_real_feeds_are_the_documented_ones()
    {
        string data = FolderOrSkip();
        foreach (IGrouping<string, JsonElement> group in File.ReadLines(Path.Combine(data, "..", "feed_items.jsonl"))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .GroupBy(item => item.GetProperty("feed").GetString()!, StringComparer.Ordinal))
        {
            Feed feed = Read.Bytes(File.ReadAllBytes(Path.Combine(data, group.Key)));
            foreach (JsonElement expected in group)
            {
                // Relative links are documented as they are; the reader resolves them.
                string? link = expected.TryGetProperty("link", out JsonElement value) ? value.GetString()?.Trim() : null;
                if (FeedLink.IsWeb(link))
                {
                    Assert.Contains(feed.Items, item => item.Url == link);
                }
            }
        }
    }

    [Fact]
    public void Real_feeds_cut_off_anywhere_are_read_without_an_exception()
    {
        foreach (string file in Directory.GetFiles(FolderOrSkip()))
        {
            byte[] whole = File.ReadAllBytes(file);
            for (int part = 1; part < 10; part++)
            {
                Feed feed = Read.Bytes(whole[..(whole.Length * part / 10)]);
                Assert.True(feed.Items.Count > 0 || feed.Problems.Count > 0);
            }
        }
    }

    private static string FolderOrSkip()
    {
        const string Any = "feeds/rss-parser__guardian.rss";
        string? file = RealData.Find(Any);
        Assert.SkipWhen(file is null, RealData.Missing(Any));
        return Path.GetDirectoryName(file)!;
    }
}
