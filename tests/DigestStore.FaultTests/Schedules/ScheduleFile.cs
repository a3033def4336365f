using System.Globalization;
using DigestStore.Records;
using DigestStore.Sqlite;
using DigestStore.Table;

namespace DigestStore.FaultTests;

/// <summary>A table in a file of its own, which is removed at the end.</summary>
internal sealed class ScheduleFile : IDisposable
{
    // Real time, while the schedule is on virtual time: a request of it never ends because the disk is slow.
    private static readonly DigestStoreOptions Patient = new() { Deadline = TimeSpan.FromHours(1), AttemptTimeout = TimeSpan.FromMinutes(10) };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("digeststore-schedule-");
    private readonly SqliteTableSource _source;

    public ScheduleFile()
    {
        _source = new SqliteTableSource(Path);
        Table = _source.Open(Patient);
    }

    public IDigestTable Table { get; }

    private string Path => System.IO.Path.Combine(_folder.FullName, "digests.db");

    /// <summary>As another program may, while the file is in use.</summary>
    public void RemoveHeader(Partition day)
    {
        using Database other = Database.Open(Path);
        other.BusyTimeout = Patient.AttemptTimeout;
        other.Execute(string.Create(CultureInfo.InvariantCulture, $"DELETE FROM records WHERE tbl = '{day.Table}' AND pk = '{day.Key}' AND sk = '{RecordKeys.Header}'"));
    }

    public void Dispose()
    {
        _source.Dispose();
        _folder.Delete(recursive: true);
    }
}
