using DigestStore.Configuration;
using DigestStore.Telemetry;

namespace DigestStore.Sqlite;

/// <summary>A repository over one file on this machine, without AWS.</summary>
/// <remarks>
/// <para>It validates, deduplicates, compares, writes in batches, delivers and reads as <see cref="DigestRepository"/> does, and its table refuses
/// what DynamoDB refuses. What a call has reported as stored is in the file, and is still there after the process was killed.</para>
/// <para>The file is opened by the first call and created if there is none, with its folder. Beside it are two more files, whose names end
/// with <c>-wal</c> and <c>-shm</c>, for as long as it is open. Several repositories, processes included, may use one file at the same time.
/// The file must be on a disk of this machine: a network file system may damage it, and is warned of in the log.</para>
/// <para>With a container, use <c>services.AddSqliteDigestStore("digests.db")</c> instead.</para>
/// </remarks>
public sealed class SqliteDigestRepository : DigestRepositoryBase
{
    /// <summary>Makes a repository. The file is not touched before the first call.</summary>
    /// <param name="path">The path of the file. A relative path counts from the current directory, as it is now.</param>
    /// <param name="options">The settings, copied; <see langword="null"/> for the defaults. What concerns only the connection to AWS, such as <c>Region</c>, is ignored.</param>
    /// <param name="services">The clock, the logger, the dead-letter sink and the meters to use; <see langword="null"/> for none of them, and the system's clock.</param>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="path"/> is blank, a directory, a URI, a connection string or <c>:memory:</c>, or <paramref name="options"/> are invalid; the message names value, rule and remedy.
    /// </exception>
    public SqliteDigestRepository(string path, DigestStoreOptions? options = null, DigestStoreServices? services = null)
        : this(DatabasePath.Of(path, nameof(path)), ValidatedCopy(options ?? new DigestStoreOptions()), services, history: null)
    {
    }

    internal SqliteDigestRepository(string fullPath, Func<DigestStoreOptions> options, DigestStoreServices? services, SettingsHistory? history)
        : base(new SqliteTableSource(fullPath, services?.TimeProvider, services?.LoggerFactory), options, services, history, Spans.Sqlite) => Path = fullPath;

    /// <summary>The full path of the file.</summary>
    public string Path { get; }
}
