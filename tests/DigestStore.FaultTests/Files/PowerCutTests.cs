namespace DigestStore.FaultTests;

/// <summary>The power goes while a process stores, sends and replays on one file: of what was not synced, any part may be left.</summary>
[Collection(nameof(EnduranceTests))]
public sealed class PowerCutTests(PowerCut power) : IClassFixture<PowerCut>
{
    private const int DefaultRounds = 15;
    private const int RoundsToNotice = 20;

    // A process has written about a thousand times in its first second.
    private const double MostWrites = 3_000;

    [Fact]
    [FaultRow(
        104, "The power goes at a random write to a file, and any part of what was not synced is lost",
        "As after a kill: what was acknowledged was synced before.")]
    public Task Whenever_the_power_goes_the_file_has_what_was_acknowledged() =>
        FileRounds.RunAsync(FileRounds.PowerCutRounds, DefaultRounds, (run, seed) => CutAsync(run, seed, isLying: false));

    [Fact]
    public async Task A_disk_that_only_says_that_it_has_synced_is_noticed() =>
        Assert.NotEmpty(await FileRounds.BreakAsync(RoundsToNotice, (run, seed) => CutAsync(run, seed, isLying: true)));

    // As often among the first ten writes, which make the file, as among the thousands after them.
    private async Task CutAsync(FileRun run, int seed, bool isLying)
    {
        int at = (int)Math.Pow(MostWrites, new Random(seed).NextDouble());
        await run.CutAsync(seed, await power.PrepareAsync(run.Path, seed, at, isLying));
    }
}
