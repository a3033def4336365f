using DigestStore.Table;

namespace DigestStore.DynamoDb;

// One attempt of a request, as its flow carries it through the SDK to the HTTP client. The flow can be kept for ever, by a timer that a
// credential provider starts in it, so nothing large stays here.
internal sealed class Attempt(CancellationToken token)
{
    private static readonly AsyncLocal<Attempt?> Here = new();

    private readonly Lock _gate = new();
    private PageReply? _page;
    private volatile bool _isWithoutCredentials;
    private volatile bool _isBeforeSending;

    public static Attempt? Current => Here.Value;

    // What is sent goes out only as long as the attempt lives.
    public CancellationToken Token { get; } = token;

    // A page that is asked for is read from the answer itself: the SDK is shown an answer without it.
    public PageRequest? Asked { get; private set; }

    // Of the library's own client alone: it has not even got what it would sign the request with.
    public bool IsWithoutCredentials => _isWithoutCredentials;

    // Of the library's own client alone: the request has not come to its HTTP client, so nothing has been sent.
    public bool IsBeforeSending => _isBeforeSending;

    // Whatever this flow sends from here on belongs to the attempt.
    public static void Begin(CancellationToken token) => Begin(new Attempt(token));

    public static void Begin(Attempt attempt) => Here.Value = attempt;

    public void Prepare() => _isBeforeSending = true;

    public void Leave() => _isBeforeSending = false;

    public void AwaitCredentials() => _isWithoutCredentials = true;

    // Not called where getting them ends in an exception: the attempt stays without.
    public void GotCredentials() => _isWithoutCredentials = false;

    public static Attempt Ask(PageRequest page)
    {
        Attempt attempt = Here.Value ??= new Attempt(CancellationToken.None);
        lock (attempt._gate)
        {
            (attempt.Asked, attempt._page) = (page, null);
        }

        return attempt;
    }

    public void Answer(PageReply page)
    {
        lock (_gate)
        {
            _page = Asked is null ? null : page;
        }
    }

    // Null when the answer did not come through the HTTP client of the library.
    public PageReply? TakePage()
    {
        lock (_gate)
        {
            PageReply? page = _page;
            (Asked, _page) = (null, null);
            return page;
        }
    }
}
