using DigestStore.Configuration;
using DigestStore.Telemetry;
using DigestStore.UnitTests.Telemetry;
using Microsoft.Extensions.Options;

namespace DigestStore.UnitTests.Configuration;

public sealed class SettingsSourceTests : IDisposable
{
    private readonly ListLogger _logger = new();
    private Func<DigestStoreOptions> _read = static () => new DigestStoreOptions();

    public void Dispose() => _logger.Dispose();

    [Fact]
    public void Options_that_did_not_change_are_taken_once()
    {
        var options = new DigestStoreOptions();
        _read = () => options;
        SettingsSource source = Source();

        Assert.Same(source.Current(out _), source.Current(out _));
    }

    [Fact]
    public void New_options_are_taken_with_the_next_call()
    {
        SettingsSource source = Source();
        Assert.True(source.Current(out _)!.Options.Enabled);

        _read = static () => new DigestStoreOptions { Enabled = false };

        Assert.False(source.Current(out _)!.Options.Enabled);
    }

    [Fact]
    public void An_invalid_reload_keeps_the_last_good_ones_and_is_told_once()
    {
        SettingsSource source = Source();
        StoreSettings good = source.Current(out _)!;

        _read = static () => new DigestStoreOptions { BatchSize = 99 };

        Assert.Same(good, source.Current(out string problem));
        Assert.Same(good, source.Current(out _));
        Assert.StartsWith("DigestStoreOptions.BatchSize is '99'", problem, StringComparison.Ordinal);
        Assert.Contains("the last valid ones stay in force: True. DigestStoreOptions.BatchSize is '99'", Assert.Single(_logger.Entries).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_fault_is_told_again_and_so_is_the_same_after_a_recovery()
    {
        SettingsSource source = Source();
        source.Current(out _);
        int[] sizes = [99, 99, 98, 25, 98];

        foreach (int size in sizes)
        {
            _read = () => new DigestStoreOptions { BatchSize = size };
            source.Current(out _);
        }

        Assert.Equal([300, 300, 300], _logger.Ids);
    }

    [Fact]
    public void A_reader_that_throws_is_an_invalid_reload()
    {
        SettingsSource source = Source();
        StoreSettings good = source.Current(out _)!;

        _read = static () => throw new OptionsValidationException("", typeof(DigestStoreOptions), ["first.", "second."]);
        Assert.Same(good, source.Current(out string invalid));
        _read = static () => throw new InvalidOperationException("secret value");
        Assert.Same(good, source.Current(out string broken));

        Assert.Equal("first. second.", invalid);
        Assert.Equal("The options could not be made: code of the application that sets or validates DigestStoreOptions threw InvalidOperationException. Correct that code.", broken);
    }

    [Fact]
    public void Without_ever_valid_options_there_are_none_and_the_problem_says_why()
    {
        _read = static () => new DigestStoreOptions { MaxAttempts = 0 };

        Assert.Null(Source().Current(out string problem));
        Assert.StartsWith("DigestStoreOptions.MaxAttempts is '0'", problem, StringComparison.Ordinal);
    }

    private SettingsSource Source() => new(() => _read(), new StoreLog(_logger));
}
