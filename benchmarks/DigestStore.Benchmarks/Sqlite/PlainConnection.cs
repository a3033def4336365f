using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using DigestStore.Benchmarks.Peers;
using Microsoft.Data.Sqlite;

namespace DigestStore.Benchmarks.Sqlite;

/// <summary>The driver as an application uses it by hand, on a file and in the table that DigestStore has made.</summary>
internal static class PlainConnection
{
    // The settings with which a commit survives a power cut.
    private const string Durable = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL";

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static SqliteConnection Open(string path)
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        Execute(connection, Durable);
        return connection;
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public static SqliteCommand Prepare(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, SqliteType Type)> parameters)
    {
        SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        foreach ((string name, SqliteType type) in parameters)
        {
            command.Parameters.Add(name, type);
        }

        command.Prepare();
        return command;
    }

    public static double Number(string path, string sql)
    {
        using SqliteConnection connection = Open(path);
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToDouble(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }

    public static string Version()
    {
        using SqliteConnection connection = new("Data Source=:memory:");
        SQLitePCL.Batteries_V2.Init();
        connection.Open();
        return connection.ServerVersion;
    }

    /// <summary>The record as DigestStore writes it.</summary>
    public static byte[] Body(PeerItem item, string pk, DateOnly date, string now, int ordinal)
    {
        var bytes = new ArrayBufferWriter<byte>(2 * 1024);
        using (var json = new Utf8JsonWriter(bytes, Plain))
        {
            json.WriteStartObject();
            RawRecord.Write(json, item, pk, PeerItem.Date(date), now, ordinal);
            json.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }
}
