namespace DigestStore.Table;

// One attempt of a request, as its flow carries it through the SDK to the HTTP client.
internal sealed class Attempt(CancellationToken token)
{
    private static readonly AsyncLocal<Attempt?> Here = new();

    public static Attempt? Current => Here.Value;

    // What is sent goes out only as long as the attempt lives.
    public CancellationToken Token { get; } = token;

    // A page that is asked for is read from the answer itself: the SDK is shown an answer without it.
    public PageRequest? Asked { get; private set; }

    public PageReply? Page { get; set; }

    // Whatever this flow sends from here on belongs to the attempt.
    public static void Begin(CancellationToken token) => Here.Value = new Attempt(token);

    public static Attempt Ask(PageRequest page)
    {
        Attempt attempt = Here.Value ??= new Attempt(CancellationToken.None);
        attempt.Asked = page;
        return attempt;
    }
}
