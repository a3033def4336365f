using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

/// <summary>Scenarios in which no time-out is due, so that a busy machine adds no retries to the counts.</summary>
internal static class Unhurried
{
    public static FaultScenario Start(Action<DigestStoreOptions>? configure = null, ScriptedEndpointOptions? endpoint = null) => FaultScenario.Start(
        options =>
        {
            options.Deadline = TimeSpan.FromSeconds(25);
            options.AttemptTimeout = TimeSpan.FromSeconds(20);
            configure?.Invoke(options);
        },
        endpoint: endpoint);
}
