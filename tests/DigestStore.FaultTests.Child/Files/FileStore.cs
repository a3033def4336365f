using System.Text;
using DigestStore.Sqlite;

namespace DigestStore.FaultTests.Child;

/// <summary>A repository on a file, one on the same file that is switched off, their dead letters and the log of the mail server, in one folder.</summary>
public sealed class FileStore : IDisposable
{
    public const string FileName = "digests.db";

    private readonly string _mailLog;
    private readonly Lock _lock = new();

    public FileStore(string folder, TimeProvider time)
    {
        _mailLog = Path.Combine(folder, FileMail.LogName);
        Letters = new FileDeadLetterSink(new FileDeadLetterOptions { Directory = Path.Combine(folder, "letters") }, timeProvider: time);
        Repository = Open(folder, time, isEnabled: true);
        Disabled = Open(folder, time, isEnabled: false);
    }

    public DigestRepositoryBase Repository { get; }

    public DigestRepositoryBase Disabled { get; }

    public FileDeadLetterSink Letters { get; }

    public Task<DeadLetterReplayResult> ReplayAsync() => new DeadLetterReplay(Repository, Letters).RunAsync();

    /// <summary>The mail server takes an email. It has it even if this process is killed now.</summary>
    public void Mail(FileMail mail)
    {
        lock (_lock)
        {
            while (!TryWrite(mail))
            {
                Thread.Yield();
            }
        }
    }

    public void Dispose()
    {
        Repository.Dispose();
        Disabled.Dispose();
    }

    // False while another process writes: the end of the file is looked for when it is opened, so two that append at once would overwrite each other.
    private bool TryWrite(FileMail mail)
    {
        try
        {
            using var log = new FileStream(_mailLog, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
            log.Write(Encoding.UTF8.GetBytes(mail + "\n"));
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private SqliteDigestRepository Open(string folder, TimeProvider time, bool isEnabled)
    {
        // Long enough for a machine that is busy with other tests.
        var options = new DigestStoreOptions
        {
            Enabled = isEnabled,
            WhenDisabled = DisabledItems.DeadLetter,
            Deadline = TimeSpan.FromSeconds(60),
            ReadDeadline = TimeSpan.FromSeconds(60),
            AttemptTimeout = TimeSpan.FromSeconds(20),
        };
        return new SqliteDigestRepository(Path.Combine(folder, FileName), options, new DigestStoreServices { TimeProvider = time, DeadLetters = Letters });
    }
}
