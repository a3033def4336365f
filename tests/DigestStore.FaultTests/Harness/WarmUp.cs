using DigestStore.FaultTests;

[assembly: AssemblyFixture(typeof(WarmUp))]

namespace DigestStore.FaultTests;

/// <summary>
/// Stores once before the first test: the SDK's first request takes longer, for loading and compiling it, than the short attempts of
/// <see cref="FaultScenario"/> may, and a test that counts requests would count that as a retry.
/// </summary>
public sealed class WarmUp : IAsyncLifetime
{
    public async ValueTask InitializeAsync()
    {
        await using var scenario = FaultScenario.Start(options => (options.Deadline, options.AttemptTimeout) = (TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(30)));
        foreach (int items in (int[])[10, 60])
        {
            await scenario.Repository.StoreAsync(FaultScenario.Date, FaultScenario.Items(items));
        }

        try
        {
            await scenario.Repository.GetAsync(FaultScenario.Date);
        }
        catch (DigestStoreException)
        {
            // A child run whose environment is what is tested, such as a dead proxy.
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
