using DigestStore.FaultTests;

[assembly: AssemblyFixture(typeof(WarmUp))]

namespace DigestStore.FaultTests;

/// <summary>
/// Stores once before the first test: the SDK's first request takes longer, for loading and compiling it, than the short deadlines
/// of some tests may.
/// </summary>
public sealed class WarmUp : IAsyncLifetime
{
    public async ValueTask InitializeAsync()
    {
        await using var scenario = FaultScenario.Start();
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
