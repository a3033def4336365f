using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.Runtime;

namespace DigestStore.Doctor;

// Compares this machine's clock with the Date header of DynamoDB's answers. The header is cut to whole seconds and takes some time to
// arrive, so each answer only gives a range in which the offset lies. The offset that is reported is the end of the range nearer to zero:
// the clock is off by at least that much.
internal sealed class ServiceClock(TimeProvider time) : IDisposable
{
    private static readonly AsyncLocal<ServiceClock?> Current = new();
    private readonly Lock _lock = new();
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private AmazonServiceClient? _client;
    private bool _isEnded;
    private TimeSpan? _offset;

    public TimeSpan? Offset
    {
        get
        {
            lock (_lock)
            {
                return _offset;
            }
        }
    }

    // The client may be shared, so only the answers to requests of this asynchronous flow count. The client may also be ready only after the
    // inspection has ended.
    public void Listen(IAmazonDynamoDB client)
    {
        lock (_lock)
        {
            if (!_isEnded && client is AmazonServiceClient sdk)
            {
                _client = sdk;
                sdk.AfterResponseEvent += OnAnswer;
            }
        }
    }

    public void Begin() => Current.Value = this;

    // The SDK raises its event only for successful answers, so the Date of a refusal is read from the exception.
    public void Read(Exception refusal)
    {
        for (Exception? cause = refusal; cause is not null; cause = cause.InnerException)
        {
            if (cause is Amazon.Runtime.Internal.HttpErrorResponseException { Response: { } response } && response.IsHeaderPresent("Date"))
            {
                Read(response.GetHeaderValue("Date"));
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isEnded = true;
            if (_client is { } client)
            {
                client.AfterResponseEvent -= OnAnswer;
            }
        }
    }

    private static void OnAnswer(object sender, ResponseEventArgs answer)
    {
        if (Current.Value is { } clock && answer is WebServiceResponseEventArgs { ResponseHeaders: { } headers })
        {
            clock.Read(headers.FirstOrDefault(static header => string.Equals(header.Key, "Date", StringComparison.OrdinalIgnoreCase)).Value);
        }
    }

    private void Read(string? date)
    {
        if (!DateTimeOffset.TryParseExact(date, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset service))
        {
            return;
        }

        // The service wrote the header after the inspection began, and before now.
        TimeSpan atLeast = _startedAt - service.AddSeconds(1);
        TimeSpan atMost = time.GetUtcNow() - service;
        TimeSpan offset = atLeast > TimeSpan.Zero ? atLeast : atMost < TimeSpan.Zero ? atMost : TimeSpan.Zero;
        lock (_lock)
        {
            _offset = _offset is { } known && known.Duration() <= offset.Duration() ? known : offset;
        }
    }
}
