using Amazon.DynamoDBv2;
using DigestStore;
using DigestStore.Sqlite;
using DigestStore.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EmailDigest.Tests.Support;

/// <summary>A digest of its own on DynamoDB Local or in a file, a feed with two links, and the command that somebody would run every morning.</summary>
internal sealed class MorningRun : IAsyncDisposable
{
    public static readonly DateOnly Day = new(2026, 11, 21);
    public static readonly string[] Urls = ["https://example.com/one", "https://example.com/two"];
    private const string Table = "mornings";
    private readonly TemporaryFolder _folder = new();
    private readonly IAmazonDynamoDB _client = Engines.CreateClient(Engines.DynamoDbLocal);
    private readonly string _digest = "d-" + Path.GetRandomFileName().Replace('.', '-');
    private readonly bool _isInFile;

    private MorningRun(bool isInFile)
    {
        _isInFile = isInFile;
        Repository = isInFile ? new SqliteDigestRepository(Database, Options) : new DigestRepository(_client, Options);
        Feed = _folder.File("feed.xml", $"<rss version=\"2.0\"><channel><title>S</title>{string.Concat(Urls.Select(url => $"<item><title>A link</title><link>{url}</link></item>"))}</channel></rss>");
    }

    public DigestRepositoryBase Repository { get; }

    public string Feed { get; }

    public string Eml => _folder.File("x.eml");

    /// <summary>The file, or the table, and the digest, for the other commands.</summary>
    public string[] Place => _isInFile ? ["--file", Database, "--digest", _digest] : [.. PlaceAt(Engines.DynamoDbLocal)];

    /// <summary>How long the mail server may take for an email.</summary>
    public TimeSpan SmtpTimeout { get; set; } = TimeSpan.FromMinutes(1);

    // The engine has other tests to serve.
    private Dictionary<string, string?> Settings => new()
    {
        ["DigestStore:AttemptTimeout"] = "00:00:30",
        ["DigestStore:ReadDeadline"] = "00:02:00",
        ["DigestStore:Deadline"] = "00:05:00",
        ["EmailDigest:SmtpTimeout"] = SmtpTimeout.ToString(),
    };

    private DigestStoreOptions Options => new()
    {
        TableName = _isInFile ? DigestStoreDefaults.TableName : Table,
        DigestName = _digest,
        AttemptTimeout = TimeSpan.FromSeconds(30),
        ReadDeadline = TimeSpan.FromMinutes(2),
        Deadline = TimeSpan.FromMinutes(5),
    };

    private string Database => _folder.File("digests.db");

    public static async Task<MorningRun> StartAsync(bool isInFile = false)
    {
        var morning = new MorningRun(isInFile);
        if (!isInFile)
        {
            await DigestTable.EnsureCreatedAsync(morning._client, morning.Options);
        }

        return morning;
    }

    /// <summary>The arguments of a run; by this mail server, or into the file.</summary>
    public string[] Arguments(MailServerDouble? mail, Uri? database = null, string letters = "letters") =>
    [
        Feed, "--date", "2026-11-21", .. database is null ? Place : PlaceAt(database), "--dead-letters", _folder.File(letters), "-o", Eml,
        .. mail is null ? (string[])[] : ["--smtp", mail.Place, "--from", "digest@example.com", "--to", "one@example.com", "--to", "two@example.com"],
    ];

    public Task<Run> SendAsync(MailServerDouble? mail, params string[] more) => Run.InEnvironmentAsync(Settings, [.. Arguments(mail), .. more]);

    /// <summary>Runs when the lease of any run before has ended.</summary>
    public Task<Run> SendLaterAsync(string[] arguments) =>
        Run.StartAsync(arguments, services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(new LaterClock(TimeSpan.FromMinutes(10)))), Settings);

    /// <summary>The program in a process of its own.</summary>
    public SampleProcess Start(string[] arguments) => SampleProcess.StartWith(Settings.ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value!), arguments);

    public async Task<DeliveryStatus?> StatusAsync() => (await Repository.GetDeliveryAsync(Day))?.Status;

    /// <summary>The header of a message that was handed over.</summary>
    public static string MessageIdOf(string message) => message.Split("\r\n").Single(line => line.StartsWith("Message-Id: ", StringComparison.OrdinalIgnoreCase))["Message-Id: ".Length..];

    public async ValueTask DisposeAsync()
    {
        await Repository.DisposeAsync();
        _client.Dispose();
        _folder.Dispose();
    }

    private IEnumerable<string> PlaceAt(Uri database) => ["--endpoint", database.AbsoluteUri, "--table", Table, "--digest", _digest];
}
