using System.Collections.Concurrent;
using DigestStore.Sqlite;
using DigestStore.Table;
using Microsoft.Extensions.Logging;

namespace DigestStore.SqliteTests;

public sealed class FilePlaceTests
{
    private static readonly string[] Mounts =
    [
        "21 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw",
        "36 21 0:30 / /mnt/share rw,noatime shared:1 - nfs4 server:/share rw",
        "37 36 8:2 / /mnt/share/disk rw - xfs /dev/sdb1 rw",
        "38 21 0:31 / /mnt/with\\040space rw master:1 - fuse.sshfs host: rw",
        "39 21 0:32 / /mnt/covered rw - ext4 /dev/sdc1 rw",
        "40 39 0:33 / /mnt/covered rw - cifs //server/share rw",
        "a line that is none",
    ];

    [Theory]
    [InlineData("/home/digests.db", "ext4")]
    [InlineData("/mnt/share/digests.db", "nfs4")]
    [InlineData("/mnt/shared/digests.db", "ext4")]
    [InlineData("/mnt/share/disk/a/digests.db", "xfs")]
    [InlineData("/mnt/with space/digests.db", "fuse.sshfs")]
    [InlineData("/mnt/covered/digests.db", "cifs")]
    public void The_nearest_mount_says_what_a_file_system_is(string path, string type) => Assert.Equal(type, FilePlace.FileSystemOf(path, Mounts));

    [Theory]
    [InlineData("nfs4")]
    [InlineData("cifs")]
    [InlineData("smb3")]
    [InlineData("9p")]
    [InlineData("fuse.s3fs")]
    public void A_network_file_system_is_told_by_its_type(string type) =>
        Assert.Equal($"on a network file system ({type}), where SQLite's locks do not work and the file can be damaged", FilePlace.ProblemOf("/mnt/digests.db", isLambda: false, type));

    [Theory]
    [InlineData("ext4")]
    [InlineData("fuseblk")]
    [InlineData("overlay")]
    [InlineData("")]
    public void Any_other_is_fine(string type) => Assert.Null(FilePlace.ProblemOf("/tmp/digests.db", isLambda: false, type));

    [Fact]
    public void The_temporary_folder_of_a_Lambda_function_is_no_place_for_a_file()
    {
        Assert.Equal("in the temporary folder of a Lambda function, which is gone with the instance of the function", FilePlace.ProblemOf(Path.Combine(Path.GetTempPath(), "digests.db"), isLambda: true, "ext4"));
        Assert.Null(FilePlace.ProblemOf("/var/task/digests.db", isLambda: true, "ext4"));
    }

    [Fact]
    public async Task Each_store_warns_of_a_bad_place_once()
    {
        using var file = new TemporaryFile();
        Assert.SkipUnless(file.Path.StartsWith("/tmp/", StringComparison.Ordinal), "The temporary folder is elsewhere.");
        const string Function = "AWS_LAMBDA_FUNCTION_NAME";
        string? before = Environment.GetEnvironmentVariable(Function);
        Environment.SetEnvironmentVariable(Function, "digests");
        try
        {
            using var log = new WarningLog();
            using var source = new SqliteTableSource(file.Path, loggerFactory: log);
            IDigestTable table = source.Open(new DigestStoreOptions());
            Assert.Empty(log.Lines);

            await table.UpdateAsync(TableRig.Put(1), TableRig.Attempt);
            await source.Open(new DigestStoreOptions()).UpdateAsync(TableRig.Put(2), TableRig.Attempt);

            Assert.Equal($"303 The file {file.Path} is in the temporary folder of a Lambda function, which is gone with the instance of the function. Keep it on a disk of this machine.", Assert.Single(log.Lines));
        }
        finally
        {
            Environment.SetEnvironmentVariable(Function, before);
        }
    }

    [Fact]
    public void Two_spellings_of_a_path_are_one_file()
    {
        using var file = new TemporaryFile();
        Directory.CreateDirectory(Path.Combine(file.Folder, "real"));
        Directory.CreateSymbolicLink(Path.Combine(file.Folder, "link"), Path.Combine(file.Folder, "real"));
        File.WriteAllText(Path.Combine(file.Folder, "real", "digests.db"), "");
        File.CreateSymbolicLink(Path.Combine(file.Folder, "other.db"), Path.Combine(file.Folder, "real", "digests.db"));

        SqliteFile first = SqliteFile.Acquire(Path.Combine(file.Folder, "real", "digests.db"), TimeProvider.System);
        SqliteFile[] others =
        [
            SqliteFile.Acquire(Path.Combine(file.Folder, "link", "digests.db"), TimeProvider.System),
            SqliteFile.Acquire(Path.Combine(file.Folder, "real", "..", "link", "digests.db"), TimeProvider.System),
            SqliteFile.Acquire(Path.Combine(file.Folder, "other.db"), TimeProvider.System),
        ];

        Assert.All(others, other => Assert.Same(first, other));
        Array.ForEach([first, .. others], static acquired => acquired.Release(TimeProvider.System));
        SqliteFile again = SqliteFile.Acquire(first.Path, TimeProvider.System);
        Assert.NotSame(first, again);
        again.Release(TimeProvider.System);
    }

    private sealed class WarningLog : ILoggerFactory, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{eventId.Id} {formatter(state, exception)}");

        public void Dispose()
        {
        }
    }
}
