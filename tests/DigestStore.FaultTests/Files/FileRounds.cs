using System.Globalization;

namespace DigestStore.FaultTests;

/// <summary>How long the tests that end a process go on, and with which seed they begin.</summary>
internal static class FileRounds
{
    /// <summary>How many processes to kill.</summary>
    public const string KillRounds = "DIGESTSTORE_KILL_FILE_ROUNDS";

    /// <summary>How often to cut the power.</summary>
    public const string PowerCutRounds = "DIGESTSTORE_POWER_CUT_ROUNDS";

    /// <summary>The seed of the first round of both; the others count on from it.</summary>
    private const string SeedVariable = "DIGESTSTORE_KILL_FILE_SEED";

    private const int RoundsPerFile = 50;

    /// <summary>Runs rounds on one file after the other. After each of them, and at the end of each file, nothing may be broken.</summary>
    public static async Task RunAsync(string roundsVariable, int defaultRounds, Func<FileRun, int, Task> round)
    {
        int rounds = Setting(roundsVariable) ?? defaultRounds;
        int seed = Seed();
        TestContext.Current.SendDiagnosticMessage($"{rounds} rounds from seed {seed}; repeat with {SeedVariable}={seed} {roundsVariable}={rounds}");
        int acknowledged = 0;
        for (int done = 0; done < rounds;)
        {
            using var run = new FileRun();
            for (int ofFile = 0; ofFile < RoundsPerFile && done < rounds; ofFile++, done++)
            {
                await round(run, seed + done);
                Assert.True(run.Broken.Count == 0, $"round {ofFile} of the file, seed {seed} + {done}:\n{string.Join('\n', run.Broken)}");
            }

            await run.FinishAsync();
            Assert.True(run.Broken.Count == 0, $"the last look at the file, seed {seed} + {done}:\n{string.Join('\n', run.Broken)}");
            acknowledged += run.Acknowledged;
        }

        TestContext.Current.SendDiagnosticMessage($"{acknowledged} steps were acknowledged");
        Assert.True(acknowledged > rounds, $"Only {acknowledged} steps were acknowledged in {rounds} rounds.");
    }

    /// <summary>Runs rounds until something is broken, since something is.</summary>
    public static async Task<IReadOnlyList<string>> BreakAsync(int mostRounds, Func<FileRun, int, Task> round)
    {
        int seed = Seed();
        TestContext.Current.SendDiagnosticMessage($"from seed {seed}; repeat with {SeedVariable}={seed}");
        using var run = new FileRun();
        for (int done = 0; done < mostRounds && run.Broken.Count == 0; done++)
        {
            await round(run, seed + done);
        }

        TestContext.Current.SendDiagnosticMessage(run.Broken.Count > 0 ? run.Broken[0] : "nothing was noticed");
        return run.Broken;
    }

    private static int Seed() => Setting(SeedVariable) ?? Random.Shared.Next(1_000_000_000);

    private static int? Setting(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : null;
}
