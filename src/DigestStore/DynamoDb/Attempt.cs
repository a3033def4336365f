using DigestStore.Table;

namespace DigestStore.DynamoDb;

// One attempt of a request. It flows with the execution context through the SDK to the HTTP client of the library. A credential provider
// may start a timer that keeps this execution context alive for ever, so an attempt must not hold on to anything large.
internal sealed class Attempt(CancellationToken token)
{
    private static readonly AsyncLocal<Attempt?> CurrentAttempt = new();

    private readonly Lock _lock = new();
    private PageReply? _page;
    private volatile bool _isWithoutCredentials;
    private volatile bool _isBeforeSending;

    public static Attempt? Current => CurrentAttempt.Value;

    // The HTTP client sends nothing after this token is cancelled.
    public CancellationToken Token { get; } = token;

    // The page that the HTTP client reads from the response itself; the SDK then gets an empty page in its place. Null for other requests.
    public PageRequest? RequestedPage { get; private set; }

    // The SDK is still looking for the credentials that it signs the request with. Only the library's own client tells this.
    public bool IsWithoutCredentials => _isWithoutCredentials;

    // The request has not reached the HTTP client, so nothing has been sent. Only the library's own client tells this.
    public bool IsBeforeSending => _isBeforeSending;

    // From here on, every request of this execution context belongs to the attempt.
    public static void Begin(CancellationToken token) => Begin(new Attempt(token));

    public static void Begin(Attempt attempt) => CurrentAttempt.Value = attempt;

    public void BeginPreparation() => _isBeforeSending = true;

    public void EndPreparation() => _isBeforeSending = false;

    public void BeginCredentials() => _isWithoutCredentials = true;

    // This is not called if getting the credentials ends in an exception, so that the exception counts as a fault of the credentials.
    public void EndCredentials() => _isWithoutCredentials = false;

    // Makes the HTTP client read the next page itself.
    public static Attempt RequestPage(PageRequest page)
    {
        Attempt attempt = CurrentAttempt.Value ??= new Attempt(CancellationToken.None);
        lock (attempt._lock)
        {
            (attempt.RequestedPage, attempt._page) = (page, null);
        }

        return attempt;
    }

    public void SetPage(PageReply page)
    {
        lock (_lock)
        {
            _page = RequestedPage is null ? null : page;
        }
    }

    // Null if the response did not come through the HTTP client of the library. Neither the page nor its request is kept.
    public PageReply? TakePage()
    {
        lock (_lock)
        {
            PageReply? page = _page;
            (RequestedPage, _page) = (null, null);
            return page;
        }
    }
}
