using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

public sealed class TlsTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    [Theory]
    [InlineData("untrusted")]
    [InlineData("expired")]
    [InlineData("for another host")]
    [FaultRow(39, "TLS with an untrusted, expired or foreign certificate, or to a port without TLS", "The store fails; nothing is sent, and no option turns the checks off.")]
    public async Task A_certificate_that_is_not_valid_gets_no_byte_of_the_digest(string flaw)
    {
        await using TlsListener listener = flaw switch
        {
            "expired" => TlsListener.Start("127.0.0.1", Now.AddYears(-2), Now.AddYears(-1)),
            "for another host" => TlsListener.Start("dynamodb.example.com", Now.AddDays(-1), Now.AddDays(1)),
            _ => TlsListener.Start("127.0.0.1", Now.AddDays(-1), Now.AddDays(1)),
        };
        await using var scenario = FaultScenario.Start(options =>
        {
            options.ServiceUrl = listener.Url;
            options.AttemptTimeout = TimeSpan.FromSeconds(3);
        });

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(30));

        Assert.Equal(StoreStatus.Failed, result.Status);
        Assert.Equal(30, result.Failed);
        Assert.Equal(0, listener.BytesReceived);
        Assert.InRange(listener.Connections, 1, 3);
        Assert.Equal(0, scenario.Server.Requests.Count);
    }

    [Fact]
    [FaultRow(39, "TLS with an untrusted, expired or foreign certificate, or to a port without TLS", "The store fails; nothing is sent, and no option turns the checks off.")]
    public async Task TLS_to_a_port_that_speaks_none_fails_the_store()
    {
        await using var plain = ScriptedEndpoint.Start();
        await using var scenario = FaultScenario.Start(options => options.ServiceUrl = $"https://127.0.0.1:{plain.Uri.Port}/");

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(30));

        Assert.Equal(StoreStatus.Failed, result.Status);
        Assert.Equal(0, plain.Requests.Count);
        Assert.InRange(plain.AcceptedConnections, 1, 3);
    }

    [Fact]
    public void No_source_of_the_library_touches_certificate_validation()
    {
        string[] forbidden = ["CertificateValidationCallback", "CertificateCustomValidation", "DangerousAcceptAny", "CheckCertificateRevocationList", "SslOptions"];
        string[] sources = Directory.GetFiles(RepositoryFiles.PathOf("src/DigestStore"), "*.cs", SearchOption.AllDirectories);

        Assert.NotEmpty(sources);
        Assert.All(sources, source => Assert.All(forbidden, word => Assert.DoesNotContain(word, File.ReadAllText(source), StringComparison.Ordinal)));
    }
}
