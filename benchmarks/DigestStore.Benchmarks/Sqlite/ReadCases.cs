using DigestStore.Benchmarks.Children;
using DigestStore.Benchmarks.Peers;
using DigestStore.Benchmarks.Runs;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace DigestStore.Benchmarks.Sqlite;

/// <summary>A day out of a year of days, and the days of a status, in files that each peer has filled for itself.</summary>
internal sealed class ReadCases : IDisposable
{
    private const int Days = 365;
    private const int Day = 200;
    private const int Times = 50;
    private const int WarmUpReads = 200;
    private const double MaxOverPlain = 1.5;
    private const double MaxStatusMs = 5;
    private const string ByStatus = "plain driver, bytes of the headers";

    private readonly DateOnly _first = new(2026, 1, 1);
    private readonly DigestStorePeer _ours;
    private readonly DigestStorePeer _memory;
    private readonly LiteDbPeer _lite;
    private readonly SqliteConnection _plain;
    private readonly SqliteCommand _select;
    private readonly IReadPeer[] _readers;

    private ReadCases(string file, DigestStorePeer ours, DigestStorePeer memory, LiteDbPeer lite)
    {
        (_ours, _memory, _lite) = (ours, memory, lite);
        _plain = PlainConnection.Open(file);
        _select = PlainConnection.Prepare(_plain, "SELECT body FROM records WHERE tbl = $tbl AND gsi1pk = $status ORDER BY gsi1sk", ("$tbl", SqliteType.Text), ("$status", SqliteType.Text));
        _select.Parameters[0].Value = DigestStoreDefaults.TableName;
        _select.Parameters[1].Value = $"STATUS#{DigestStoreDefaults.DigestName}#pending";
        _readers = [_ours, new PlainReadPeer(file, isDecoded: true), new PlainReadPeer(file, isDecoded: false), _lite, _memory];
    }

    public static async Task<ReadCases> OpenAsync(string folder)
    {
        string file = await StoreFile.CreateAsync(Path.Combine(folder, "year.db"));
        var memory = new DigestStorePeer("DigestStore, in memory", static services => services.AddInMemoryDigestStore());
        var cases = new ReadCases(file, StoreFile.Open(file), memory, new LiteDbPeer(Path.Combine(folder, "year.lite.db")));
        PeerItem[] items = PeerItem.Make(Day);
        for (int day = 0; day < Days; day++)
        {
            foreach (IReadPeer reader in cases._readers)
            {
                await reader.SeedAsync(cases._first.AddDays(day), items);
            }
        }

        return cases;
    }

    public async Task RunAsync(Report report, Verdicts verdicts, int rounds)
    {
        int next = 0;
        DateOnly NextDate() => _first.AddDays(next++ * 7 % Days);
        var day = new Cell("read", Day, 0);
        Contender[] contenders = [.. _readers.Select(reader => new Contender(reader.Name, 0, () => Contender.ToRead(reader, NextDate(), Day).Prepare()))];
        await MeasureAsync(day, contenders, rounds);
        TurnsReport.Print(report, $"A day of {Day} of {Days * Day:N0} items", day, PlainReadPeer.Decoded);
        verdicts.AtMost($"a day of {Day} of {Days * Day:N0}: wall against the plain driver that decodes", day.Of(StoreFile.Name)!.WallMs / day.Of(PlainReadPeer.Decoded)!.WallMs, MaxOverPlain, "×");

        var status = new Cell("status", Days, 0);
        await MeasureAsync(status, [new(StoreFile.Name, 0, ListDays(_ours)), new(ByStatus, 0, ListPlain()), new(_memory.Name, 0, ListDays(_memory))], rounds);
        TurnsReport.Print(report, $"{Days} days by their status", status, ByStatus);
        verdicts.AtMost($"{Days} days by their status: wall", status.Of(StoreFile.Name)!.WallMs, MaxStatusMs, " ms");
    }

    public void Dispose()
    {
        Array.ForEach(_readers, static reader => reader.Dispose());
        _select.Dispose();
        _plain.Dispose();
    }

    private static async Task MeasureAsync(Cell cell, Contender[] contenders, int rounds)
    {
        foreach (Contender contender in contenders)
        {
            for (int time = 0; time < WarmUpReads; time++)
            {
                await (await contender.Prepare())();
            }
        }

        await cell.RunAsync(null, contenders, rounds, Times, static () => Task.CompletedTask);
    }

    // The file of the plain driver has one more, with which it was made.
    private static Func<Task<Func<Task>>> ListDays(DigestStorePeer peer) => () => Task.FromResult<Func<Task>>(async () =>
    {
        int days = 0;
        await foreach (DigestDay _ in peer.History.ListDaysAsync(DeliveryStatus.Pending))
        {
            days++;
        }

        Require(days);
    });

    private Func<Task<Func<Task>>> ListPlain() => () => Task.FromResult<Func<Task>>(() =>
    {
        int days = 0;
        using SqliteDataReader reader = _select.ExecuteReader();
        while (reader.Read())
        {
            days += reader.GetFieldValue<byte[]>(0).Length > 0 ? 1 : 0;
        }

        Require(days);
        return Task.CompletedTask;
    });

    private static void Require(int days)
    {
        if (days is not (Days or Days + 1))
        {
            throw new InvalidOperationException($"{days} days were listed, and not {Days}.");
        }
    }
}
