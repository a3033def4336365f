using System.Security.Cryptography.X509Certificates;
using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

public sealed class TlsTests
{
    // OpenSSL's own, which .NET reads once per process; Linux only.
    private const string TrustVariable = "SSL_CERT_FILE";
    private const string KeyVariable = "DIGESTSTORE_TEST_CA_KEY";

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
    [FaultRow(39, "A certificate of a trusted authority that has expired, or is for another host", "Each is refused for that alone: the same authority's valid certificate is accepted.")]
    public async Task A_trusted_authority_excuses_neither_age_nor_another_name()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        if (!ChildRun.IsChild)
        {
            using var made = new TestAuthority();
            await ChildRun.OfThisTestAsync(typeof(TlsTests), [.. ConnectionTests.NoProxy, (TrustVariable, made.CertificatePath), (KeyVariable, made.KeyPath)]);
            return;
        }

        using var authority = X509Certificate2.CreateFromPemFile(Environment.GetEnvironmentVariable(TrustVariable)!, Environment.GetEnvironmentVariable(KeyVariable));
        await using TlsListener valid = TlsListener.Start("127.0.0.1", Now.AddDays(-1), Now.AddDays(1), authority);
        await using TlsListener expired = TlsListener.Start("127.0.0.1", Now.AddYears(-2), Now.AddYears(-1), authority);
        await using TlsListener early = TlsListener.Start("127.0.0.1", Now.AddDays(1), Now.AddDays(2), authority);
        await using TlsListener foreign = TlsListener.Start("dynamodb.example.com", Now.AddDays(-1), Now.AddDays(1), authority);
        foreach (TlsListener listener in (TlsListener[])[valid, expired, early, foreign])
        {
            await using var scenario = FaultScenario.Start(options =>
            {
                options.ServiceUrl = listener.Url;
                options.AttemptTimeout = TimeSpan.FromSeconds(3);
            });
            StoreResult result = await scenario.StoreAsync(FaultScenario.Items(30));
            Assert.Equal((StoreStatus.Failed, 30), (result.Status, result.Failed));
        }

        Assert.True(valid.BytesReceived > 0, "The authority is not trusted here, so the others prove nothing.");
        Assert.All((TlsListener[])[expired, early, foreign], listener => Assert.Equal((true, 0), (listener.Connections > 0, listener.BytesReceived)));
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
