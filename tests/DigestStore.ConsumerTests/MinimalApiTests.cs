using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using DigestStore;
using DigestStore.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ConsumerTests;

public sealed class MinimalApiTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_minimal_API_stores_what_it_is_sent_and_returns_what_the_library_returns(bool sourceGenerated)
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        await using WebApplication api = await StartAsync(sourceGenerated, cancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri(api.Urls.Single()) };
        DigestItem[] items = [Some.Link("one", "https://example.org/1") with { Tags = ["a"], PublishedAt = Some.Noon }, Some.Link("", "https://example.org/2")];

        HttpResponseMessage answer = await client.PostAsJsonAsync("/digests/2026-11-21", items, cancellationToken);
        StoreResult result = (await answer.Content.ReadFromJsonAsync<StoreResult>(cancellationToken))!;
        Digest digest = (await client.GetFromJsonAsync<Digest>("/digests/2026-11-21", cancellationToken))!;
        StoredDigestItem stored = (await client.GetFromJsonAsync<StoredDigestItem>($"/digests/2026-11-21/{digest[0].Id}", cancellationToken))!;
        DigestStatistics statistics = (await client.GetFromJsonAsync<DigestStatistics>("/digests/2026-11-21/statistics", cancellationToken))!;

        Assert.Equal((StoreStatus.Stored, 1, 1, 3), (result.Status, result.Inserted, result.Rejected, result.Cost.Requests));
        Assert.Equal((1, StoreProblemReason.TitleMissing, false), (result.Problems[0].Index!.Value, result.Problems[0].Reason, result.Problems[0].IsRetryable));
        Assert.Equal(Some.Day, digest.Date);
        Assert.Equal([items[0]], digest.Select(static item => item.Item));
        Assert.Equal(digest[0], stored);
        Assert.Equal((Some.Day, 1), (statistics.Date, statistics.Items));
    }

    [Fact]
    public async Task A_client_in_another_language_sees_plain_objects()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        await using WebApplication api = await StartAsync(sourceGenerated: true, cancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri(api.Urls.Single()) };
        await client.PostAsJsonAsync("/digests/2026-11-21", (DigestItem[])[Some.Link("one", "https://example.org/1")], cancellationToken);

        JsonNode digest = (await client.GetFromJsonAsync<JsonNode>("/digests/2026-11-21", cancellationToken))!;
        HttpResponseMessage wrongId = await client.GetAsync("/digests/2026-11-21/no-id", cancellationToken);

        Assert.Equal(["date", "unreadable", "items"], digest.AsObject().Select(static member => member.Key));
        Assert.Equal(DigestItemId.Create("https://example.org/1").ToString(), (string?)digest["items"]![0]!["id"]);
        Assert.Equal("one", (string?)digest["items"]![0]!["item"]!["title"]);
        Assert.Equal(HttpStatusCode.BadRequest, wrongId.StatusCode);
    }

    private static async Task<WebApplication> StartAsync(bool sourceGenerated, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddInMemoryDigestStore();
        if (sourceGenerated)
        {
            builder.Services.ConfigureHttpJsonOptions(static options => options.SerializerOptions.TypeInfoResolver = ApiJson.Default);
        }

        WebApplication api = builder.Build();
        api.MapPost("/digests/{date}", static (DateOnly date, DigestItem[] items, IDigestRepository digests, CancellationToken cancellationToken) =>
            digests.StoreAsync(date, items, cancellationToken: cancellationToken));
        api.MapGet("/digests/{date}", static (DateOnly date, IDigestRepository digests, CancellationToken cancellationToken) => digests.GetAsync(date, cancellationToken));
        api.MapGet("/digests/{date}/{id}", static (DateOnly date, DigestItemId id, IDigestRepository digests, CancellationToken cancellationToken) =>
            digests.FindAsync(date, id, cancellationToken));
        api.MapGet("/digests/{date}/statistics", static (DateOnly date, IDigestRepository digests, CancellationToken cancellationToken) =>
            digests.GetStatisticsAsync(date, cancellationToken));
        await api.StartAsync(cancellationToken);
        return api;
    }
}
