namespace DigestStore.Table;

// One attempt of a request, as its sender and the table share it: the sender gives it up, and the table tells what it waits for.
internal sealed class Attempt(CancellationToken token)
{
    private const int Direct = 0;
    private const int Queued = 1;
    private const int Taken = 2;
    private const int Withdrawn = 3;

    private volatile bool _isWithoutCredentials;
    private int _place = Direct;

    // Nothing may be sent after this token is cancelled.
    public CancellationToken Token { get; } = token;

    // The table is still looking for the credentials that it signs the request with. Only the library's own DynamoDB client tells this.
    public bool IsWithoutCredentials => _isWithoutCredentials;

    public void BeginCredentials() => _isWithoutCredentials = true;

    // This is not called if getting the credentials ends in an exception, so that the exception counts as a fault of the credentials.
    public void EndCredentials() => _isWithoutCredentials = false;

    // The request waits in a queue of the table. Until the table takes it from there, it can be withdrawn.
    public void Enqueue() => Interlocked.CompareExchange(ref _place, Queued, Direct);

    // False if the request was withdrawn. It must then not be carried out.
    public bool TryTake() => Interlocked.CompareExchange(ref _place, Taken, Queued) == Queued;

    // True if the request was still in the queue, so that it is certain that it is not carried out. A table without a queue sends a request
    // at once, and nobody can withdraw it.
    public bool TryWithdraw() => Interlocked.CompareExchange(ref _place, Withdrawn, Queued) is Queued or Withdrawn;
}
