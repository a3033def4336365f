using DigestStore.Testing;
using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

internal static class Quiet
{
    private const int Steps = 5;
    private static readonly TimeSpan Watch = TimeSpan.FromMilliseconds(150);

    /// <summary>Lets what is on its way arrive.</summary>
    public static Task SettleAsync() => Task.Delay(Watch, TestContext.Current.CancellationToken);

    /// <summary>After the end of a call nothing more is sent. With this suite's back-offs of 50 ms at most, a retry that lived on would show in this time.</summary>
    public static async Task AfterAsync(ScriptedEndpoint server, int requests)
    {
        await Task.Delay(Watch, TestContext.Current.CancellationToken);
        Assert.Equal(requests, server.Requests.Count);
    }

    /// <summary>The same for a call on a virtual clock, over five seconds of it: whatever still waited for a back-off or a time-out would go on.</summary>
    public static async Task AfterAsync(ScriptedEndpoint server, int requests, VirtualTimeProvider time)
    {
        for (int second = 0; second < Steps; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(Watch / Steps, TestContext.Current.CancellationToken);
        }

        Assert.Equal(requests, server.Requests.Count);
    }
}
