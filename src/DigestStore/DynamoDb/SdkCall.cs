using DigestStore.Table;

namespace DigestStore.DynamoDb;

// The SDK's part of one attempt. It flows with the execution context through the SDK to the HTTP client of the library. A credential provider
// may start a timer that keeps this execution context alive for ever, so a call must not hold on to anything large.
internal sealed class SdkCall(Attempt attempt, PageRequest? page)
{
    private static readonly AsyncLocal<SdkCall?> CurrentCall = new();

    // The request of a page, and then the page in its place. Null if the call is for no page, or if nobody waits for the page any more.
    private object? _page = page;
    private volatile bool _isBeforeSending;

    public static SdkCall? Current => CurrentCall.Value;

    public Attempt Attempt => attempt;

    // The page that the HTTP client reads from the response itself; the SDK then gets an empty page in its place. Null for other requests.
    public PageRequest? RequestedPage => Volatile.Read(ref _page) as PageRequest;

    // The request has not reached the HTTP client, so nothing has been sent. Only the library's own client tells this.
    public bool IsBeforeSending => _isBeforeSending;

    // From here on, every request of this execution context belongs to the call.
    public static SdkCall Begin(Attempt attempt, PageRequest? page = null) => CurrentCall.Value = new SdkCall(attempt, page);

    public void BeginPreparation() => _isBeforeSending = true;

    public void EndPreparation() => _isBeforeSending = false;

    // The page is dropped if its request has been taken away meanwhile.
    public void SetPage(PageRequest requested, PageReply page) => Interlocked.CompareExchange(ref _page, page, requested);

    // Null if the response did not come through the HTTP client of the library. Neither the page nor its request is kept.
    public PageReply? TakePage() => Interlocked.Exchange(ref _page, null) as PageReply;
}
