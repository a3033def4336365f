using System.Globalization;
using DigestStore.FaultTests.Child;
using DigestStore.Sqlite;

namespace DigestStore.FaultTests;

/// <summary>A file, the processes that are killed while they work on it, and what must be in it after each of them.</summary>
internal sealed class FileRun : IDisposable
{
    // A process has told about half a second of work by then.
    private const int MostLines = 120;

    // 128 and the number of SIGKILL.
    private const int Killed = 137;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("digeststore-file-");
    private readonly FileModel _model = new();
    private int _round;
    private int _mails;

    public IReadOnlyList<string> Broken => _model.Broken;

    public int Acknowledged => _model.Acknowledged;

    public string Path => System.IO.Path.Combine(_folder.FullName, FileStore.FileName);

    /// <summary>Kills a process after a line that it has written.</summary>
    public async Task KillAsync(int seed, string job = "random")
    {
        using ChildProcess child = await StartAsync(job, seed, []);
        int lines = 1 + new Random(seed).Next(MostLines);
        for (int line = 0; line < lines; line++)
        {
            if (await child.ReadAsync() is not { } told)
            {
                _model.Expect(isTrue: false, $"the process has ended by itself after {line} lines: exit code {await child.ExitCodeAsync()}");
                return;
            }

            _model.Take(FileEvent.Parse(told));
        }

        await child.KillAsync();
        await EndAsync(child);
    }

    /// <summary>Lets a process run until its preloaded library cuts the power.</summary>
    public async Task CutAsync(int seed, IReadOnlyList<(string Name, string Value)> environment)
    {
        using ChildProcess child = await StartAsync("random", seed, environment);
        await EndAsync(child);
        Assert.Equal(Killed, await child.ExitCodeAsync());
    }

    /// <summary>Replays all letters and compares every day of the file.</summary>
    public async Task FinishAsync()
    {
        using FileStore store = Open(_round + 1);
        DeadLetterReplayResult result = await store.ReplayAsync();
        _model.Expect(result is { Kept: 0, Rejected: 0, Unreadable: 0 }, $"the last replay has left letters: {result}");
        await _model.CheckAsync(store, isLast: true);
        CheckIntegrity();
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private Task<ChildProcess> StartAsync(string job, int seed, IReadOnlyList<(string Name, string Value)> environment) => ChildProcess.StartAsync(
        environment, "file", job, _folder.FullName, seed.ToString(CultureInfo.InvariantCulture), (++_round).ToString(CultureInfo.InvariantCulture));

    // What it has said before its end counts, whenever it is read.
    private async Task EndAsync(ChildProcess child)
    {
        while (await child.ReadAsync() is { } told)
        {
            _model.Take(FileEvent.Parse(told));
        }

        string log = System.IO.Path.Combine(_folder.FullName, FileMail.LogName);
        string[] mails = File.Exists(log) ? await File.ReadAllLinesAsync(log) : [];
        foreach (string mail in mails[_mails..])
        {
            _model.Take(FileMail.Parse(mail));
        }

        _mails = mails.Length;
        try
        {
            await CheckAsync();
        }
        catch (Exception exception) when (exception is SqliteErrorException or DigestStoreException)
        {
            _model.Expect(isTrue: false, $"the file cannot be read: {exception.Message}");
        }
    }

    // SQLite repairs the file when it is opened: for one time it is the library that opens it, and for the next it is not.
    private async Task CheckAsync()
    {
        bool isLibraryFirst = _round % 2 == 0;
        if (!isLibraryFirst)
        {
            CheckIntegrity();
        }

        using (FileStore store = Open(_round))
        {
            await _model.CheckAsync(store, isLast: false);
        }

        if (isLibraryFirst)
        {
            CheckIntegrity();
        }
    }

    private FileStore Open(int round) => new(_folder.FullName, new FileClock(round));

    // A process that was killed before it had made the file leaves none.
    private void CheckIntegrity()
    {
        if (!File.Exists(Path))
        {
            return;
        }

        using Database database = Database.Open(Path);
        Statement check = database.Prepare("PRAGMA integrity_check");
        string found = check.Step() ? check.Text(0) : "nothing";
        check.Reset();
        _model.Expect(found == "ok", $"PRAGMA integrity_check says: {found}");
    }
}
