namespace DigestStore.FaultTests;

/// <summary>Processes that are killed (kill -9) at a random moment while they store, send and replay on one file.</summary>
[Collection(nameof(EnduranceTests))]
public sealed class FileKillTests
{
    private const int DefaultRounds = 30;
    private const int RoundsToNotice = 20;

    [Fact]
    [FaultRow(
        103, "The process is killed (kill -9) at a random moment while it stores, sends and replays on a file",
        "The file is whole, and has every item, delivery and announcement that was acknowledged; of a batch that was not, all or nothing. No letter is lost or stored twice.")]
    public Task Whenever_a_process_is_killed_the_file_has_what_was_acknowledged() =>
        FileRounds.RunAsync(FileRounds.KillRounds, DefaultRounds, static (run, seed) => run.KillAsync(seed));

    [Fact]
    public async Task A_process_that_acknowledges_before_it_has_stored_is_noticed() =>
        Assert.NotEmpty(await FileRounds.BreakAsync(RoundsToNotice, static (run, seed) => run.KillAsync(seed, "hasty")));
}
