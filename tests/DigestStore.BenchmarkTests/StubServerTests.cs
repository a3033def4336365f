using System.IO.Hashing;
using System.Net.Http.Json;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using DigestStore.Benchmarks.Stub;

namespace DigestStore.BenchmarkTests;

public sealed class StubServerTests : IDisposable
{
    private const string Query = """{"TableName":"t","KeyConditionExpression":"pk = :pk","ExpressionAttributeValues":{":pk":{"S":"day"}}}""";

    private readonly StubServer _server = new();
    private readonly HttpClient _client = new();

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task An_answer_has_the_checksum_of_its_body()
    {
        using HttpResponseMessage answer = await SendAsync(_client, _server, "Query", Query);
        byte[] body = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.Equal($"{Crc32.HashToUInt32(body)}", Assert.Single(answer.Headers.GetValues("x-amz-crc32")));
    }

    [Fact]
    public async Task An_answer_has_no_checksum_when_none_is_asked_for()
    {
        await ConfigureAsync(new StubSettings { Checksum = false });
        using HttpResponseMessage answer = await SendAsync(_client, _server, "Query", Query);
        Assert.False(answer.Headers.Contains("x-amz-crc32"));
    }

    [Fact]
    public async Task An_answer_is_not_sent_before_its_delay_has_passed_and_the_delay_is_measured()
    {
        await ConfigureAsync(new StubSettings { LatencyMilliseconds = 15 });
        long start = TimeProvider.System.GetTimestamp();
        using HttpResponseMessage answer = await SendAsync(_client, _server, "Query", Query);
        TimeSpan took = TimeProvider.System.GetElapsedTime(start);

        StubDelays delays = (await _client.GetFromJsonAsync<StubDelays>(new Uri(_server.Url, StubConnection.DelaysPath), TestContext.Current.CancellationToken))!;
        Assert.Equal(1, delays.Count);
        Assert.InRange(delays.MedianMs, 15, took.TotalMilliseconds);
        Assert.Equal(delays.MedianMs, delays.Percentile99Ms);
    }

    [Fact]
    public async Task A_body_in_chunks_is_read_whole_and_the_next_request_after_it()
    {
        const string Item = """{"TableName":"t","Item":{"pk":{"S":"day"},"sk":{"S":"ITEM#1"},"title":{"S":"In chunks"}}}""";
        const string Head = "POST / HTTP/1.1\r\nHost: stub\r\nX-Amz-Target: DynamoDB_20120810.";
        string chunks = $"7\r\n{Item[..7]}\r\n1e;extension=1\r\n{Item[7..37]}\r\n{Item.Length - 37:x}\r\n{Item[37..]}\r\n0\r\nX-Trailer: 1\r\n\r\n";
        using var client = new TcpClient();
        await client.ConnectAsync(_server.Url.Host, _server.Url.Port, TestContext.Current.CancellationToken);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.UTF8.GetBytes($"{Head}PutItem\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}{Head}Query\r\nContent-Length: {Query.Length}\r\n\r\n{Query}"),
            TestContext.Current.CancellationToken);

        var answers = new StringBuilder();
        byte[] buffer = new byte[4_096];
        while (!answers.ToString().Contains("\"ScannedCount\"", StringComparison.Ordinal))
        {
            int read = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken);
            Assert.NotEqual(0, read);
            answers.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }

        Assert.Contains("""{"pk":{"S":"day"},"sk":{"S":"ITEM#1"},"title":{"S":"In chunks"}}""", answers.ToString(), StringComparison.Ordinal);
        Assert.Contains("\"Count\":1,", answers.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_TLS_only_a_client_that_trusts_the_certificate_is_answered()
    {
        using X509Certificate2 certificate = StubCertificate.Make();
        using var server = new StubServer(certificate);
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { certificate }, RevocationMode = X509RevocationMode.NoCheck },
            },
        };
        using var trusting = new HttpClient(handler);
        using HttpResponseMessage answer = await SendAsync(trusting, server, "Query", Query);
        Assert.True(answer.IsSuccessStatusCode);
        await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(_client, server, "Query", Query));
    }

    [Fact]
    public void Requests_at_the_same_time_are_one_trip_and_one_that_follows_an_answer_is_the_next()
    {
        var operations = new StubOperations();
        int first = operations.BeginTrip();
        int beside = operations.BeginTrip();
        operations.EndTrip(first, 10, 20);
        operations.EndTrip(beside, 10, 20);
        operations.EndTrip(operations.BeginTrip(), 1, 2);

        StubCounters counters = operations.Take();
        Assert.Equal((2, 21, 42), (counters.Trips, counters.BytesIn, counters.BytesOut));
        Assert.Equal(0, operations.Take().Trips);
    }

    private async Task ConfigureAsync(StubSettings settings)
    {
        using HttpResponseMessage answer = await _client.PostAsJsonAsync(
            new Uri(_server.Url, StubConnection.ControlPath), settings, JsonSerializerOptions.Default, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, StubServer server, string operation, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Url) { Content = new StringContent(body) };
        request.Headers.Add("X-Amz-Target", "DynamoDB_20120810." + operation);
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
