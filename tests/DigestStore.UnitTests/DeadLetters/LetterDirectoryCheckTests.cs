using DigestStore.UnitTests.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DigestStore.UnitTests.DeadLetters;

public sealed class LetterDirectoryCheckTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("letters-");
    private readonly ListLogger _log = new();

    public void Dispose()
    {
        _log.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_directory_that_cannot_be_written_is_told_when_the_host_starts()
    {
        // Below a file there is no directory, for a superuser neither.
        string file = Path.Combine(_directory.FullName, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        string directory = Path.Combine(file, "letters");

        await StartAsync(directory);

        (LogLevel level, int id, string text) = Assert.Single(_log.Entries);
        Assert.Equal((LogLevel.Warning, 126), (level, id));
        Assert.Contains(directory, text, StringComparison.Ordinal);
        Assert.Contains("let this process write to it", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_that_can_be_written_is_made_and_left_empty()
    {
        string directory = Path.Combine(_directory.FullName, "deep", "letters");

        await StartAsync(directory);
        await StartAsync(directory);

        Assert.Empty(_log.Entries);
        Assert.Empty(Directory.EnumerateFileSystemEntries(directory));
    }

    [Fact]
    public async Task The_directories_of_named_stores_are_tried_too()
    {
        string file = Path.Combine(_directory.FullName, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(_log);
        services.AddDigestStore().AddFileDeadLetters(Path.Combine(_directory.FullName, "daily"));
        services.AddDigestStore("weekly").AddFileDeadLetters(Path.Combine(file, "weekly"));
        services.AddDigestStore("monthly").AddFileDeadLetters(Path.Combine(file, "monthly"));
        await using ServiceProvider provider = services.BuildServiceProvider();

        await Assert.Single(provider.GetServices<IHostedService>()).StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal([126, 126], _log.Ids);
        Assert.Single(_log.Entries, static entry => entry.Text.Contains("weekly", StringComparison.Ordinal));
        Assert.Single(_log.Entries, static entry => entry.Text.Contains("monthly", StringComparison.Ordinal));
        Assert.True(Directory.Exists(Path.Combine(_directory.FullName, "daily")));
    }

    private async Task StartAsync(string directory)
    {
        await using ServiceProvider provider = new ServiceCollection()
            .AddSingleton<ILoggerFactory>(_log)
            .AddDigestStore()
            .AddFileDeadLetters(directory)
            .AddFileDeadLetters(directory)
            .Services
            .BuildServiceProvider();
        IHostedService service = Assert.Single(provider.GetServices<IHostedService>());
        await service.StartAsync(TestContext.Current.CancellationToken);
        await service.StopAsync(TestContext.Current.CancellationToken);
    }
}
