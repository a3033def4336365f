namespace DigestStore.Table;

// One attempt of a request, as its sender and the table share it: the sender gives it up, and the table tells what it waits for.
internal sealed class Attempt(CancellationToken token)
{
    private volatile bool _isWithoutCredentials;

    // Nothing may be sent after this token is cancelled.
    public CancellationToken Token { get; } = token;

    // The table is still looking for the credentials that it signs the request with. Only the library's own DynamoDB client tells this.
    public bool IsWithoutCredentials => _isWithoutCredentials;

    public void BeginCredentials() => _isWithoutCredentials = true;

    // This is not called if getting the credentials ends in an exception, so that the exception counts as a fault of the credentials.
    public void EndCredentials() => _isWithoutCredentials = false;
}
