using System.Text.Json;
using DigestStore.DynamoDb;
using DigestStore.Table;
using DigestStore.TestSupport;
using Microsoft.Extensions.Logging;

namespace DigestStore.UnitTests.Telemetry;

public sealed class HostileContentTests
{
    private const string Data = "url_hostile.json";

    // Parts of the collected URLs that are shorter than this turn up in honest lines by chance.
    private const int Telling = 9;

    [Fact]
    public async Task No_line_of_a_plain_text_log_has_anything_of_hostile_items()
    {
        Assert.SkipUnless(RealData.Find(Data) is not null, RealData.Missing(Data));
        string[] texts = Texts();
        using var sink = new TextLog();
        var table = new TableDouble();
        using var repository = new DigestRepository(table.ToSource(), static () => new DigestStoreOptions(), new DigestStoreServices { LoggerFactory = sink, TimeProvider = new FixedClock { Hurry = TimeSpan.FromSeconds(2) } });
        List<DigestItem> items = [.. texts.Select(static text => new DigestItem { Url = text, Title = text, Summary = text, Source = text, Category = text, Author = text, Tags = [text] })];
        items.AddRange(texts.Select(static (text, index) => new DigestItem { Url = $"https://example.com/{index}?{Uri.EscapeDataString(text.Replace('\ud800', '?'))}", Title = text, Source = text }));

        StoreResult stored = await repository.StoreAsync(Some.Date, items);
        table.OnWrite = batch => new WriteReply { Sent = batch.Puts.Count, Fault = FaultClassifier.Classify(new Amazon.DynamoDBv2.AmazonDynamoDBException(string.Join('\n', texts)) { ErrorCode = texts[0], StatusCode = System.Net.HttpStatusCode.BadRequest, RequestId = texts[1] }) };
        StoreResult refused = await repository.StoreAsync(Some.Date, items.Select(static item => item with { Author = "other" }));
        await repository.GetAsync(Some.Date);
        table.OnQuery = static _ => throw new InvalidTimeZoneException("https://example.com/secret");
        await Assert.ThrowsAsync<DigestStoreException>(() => repository.GetAsync(Some.Date));

        Assert.NotEqual(0, stored.Inserted + stored.Rejected);
        Assert.NotEqual(0, refused.Failed);
        string[] lines = sink.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(sink.Events, lines.Length);
        Assert.All(lines, static line => Assert.DoesNotContain(line, static character => char.IsControl(character) || character is '\u2028' or '\u2029' or '\u0085'));
        Assert.All(
            texts.Where(static text => text.Length >= Telling),
            text => Assert.DoesNotContain(lines, line => line.Contains(text, StringComparison.OrdinalIgnoreCase)));
        Assert.DoesNotContain(lines, static line => line.Contains("example.com", StringComparison.OrdinalIgnoreCase));
    }

    private static string[] Texts()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(RealData.Find(Data)!));
        return
        [
            .. document.RootElement.GetProperty("hostile").EnumerateArray().Select(static entry => entry.GetProperty("url").GetString()!),
            "line one\r\nerror: forged line", "\u001b[31mred", "\u2028separator\u2029", "next\u0085line",
        ];
    }

    // What a text file gets: the formatted message, and a line break after each event.
    private sealed class TextLog : ILoggerFactory, ILogger
    {
        private readonly StringWriter _text = new() { NewLine = "\n" };

        public int Events { get; private set; }

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_text)
            {
                Events++;
                _text.WriteLine($"{logLevel} {eventId.Id} {formatter(state, exception)}{exception}");
            }
        }

        public override string ToString() => _text.ToString();

        public void Dispose() => _text.Dispose();
    }
}
