namespace DigestStore.TestSupport;

/// <summary>Counts one request as being answered until it is disposed of or parked.</summary>
internal sealed class BusyMark : IDisposable
{
    private readonly ScriptedEndpoint _server;
    private int _left;

    public BusyMark(ScriptedEndpoint server)
    {
        _server = server;
        server.EnterBusy();
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _left, 1) == 0)
        {
            _server.LeaveBusy();
        }
    }
}
