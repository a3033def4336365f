using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

internal static class Quiet
{
    private static readonly TimeSpan Watch = TimeSpan.FromMilliseconds(150);

    /// <summary>After the end of a call nothing more is sent. With this suite's back-offs of 50 ms at most, a retry that lived on would show in this time.</summary>
    public static async Task AfterAsync(ScriptedEndpoint server, int requests)
    {
        await Task.Delay(Watch, TestContext.Current.CancellationToken);
        Assert.Equal(requests, server.Requests.Count);
    }
}
