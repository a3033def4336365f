using System.Globalization;
using System.Runtime;
using DigestStore.Benchmarks.Peers;
using DigestStore.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace DigestStore.Benchmarks.Sqlite;

/// <summary>Opens a file, stores one batch, and says so. Each way has a method of its own, so that only its own assemblies are loaded.</summary>
internal static class SqliteStartChild
{
    public const string Verb = "sqlite-start-child";
    public const string Nothing = "nothing";
    public const string Plain = "plain";
    public const string Ours = "store";
    public const string OursInContainer = "container";

    private const string CreateItems =
        """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        CREATE TABLE IF NOT EXISTS items (
          day TEXT NOT NULL, url TEXT NOT NULL, title TEXT NOT NULL, summary TEXT, source TEXT, category TEXT, author TEXT, publishedAt TEXT, tags TEXT,
          PRIMARY KEY (day, url)
        ) WITHOUT ROWID;
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        var date = DateOnly.ParseExact(args[3], "O", CultureInfo.InvariantCulture);
        DigestItem[] items = SampleItems.Make(BatchPeer.BatchSize);
        switch (args[1])
        {
            case Plain:
                StorePlain(args[2], args[3], items);
                break;
            case Ours:
                await StoreAsync(args[2], date, items);
                break;
            case OursInContainer:
                await StoreInContainerAsync(args[2], date, items);
                break;
        }

        // Not by the serializer, which would take its part of the time.
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $$"""{"Methods":{{JitInfo.GetCompiledMethodCount()}},"Milliseconds":{{JitInfo.GetCompilationTime().TotalMilliseconds}}}"""));
        return 0;
    }

    // What a program without the library would do: a column for each member, and no JSON.
    private static void StorePlain(string path, string day, DigestItem[] items)
    {
        SQLitePCL.Batteries_V2.Init();
        using var connection = new SqliteConnection("Data Source=" + path);
        connection.Open();
        using (SqliteCommand create = connection.CreateCommand())
        {
            create.CommandText = CreateItems;
            create.ExecuteNonQuery();
        }

        using SqliteTransaction transaction = connection.BeginTransaction();
        using SqliteCommand insert = connection.CreateCommand();
        insert.CommandText = "INSERT OR REPLACE INTO items VALUES ($day, $url, $title, $summary, $source, $category, $author, $publishedAt, $tags)";
        string[] names = ["$day", "$url", "$title", "$summary", "$source", "$category", "$author", "$publishedAt", "$tags"];
        Array.ForEach(names, name => insert.Parameters.Add(name, SqliteType.Text));
        foreach (DigestItem item in items)
        {
            object?[] values = [day, item.Url, item.Title, item.Summary, item.Source, item.Category, item.Author, item.PublishedAt?.ToString("O", CultureInfo.InvariantCulture), string.Join(',', item.Tags)];
            for (int index = 0; index < values.Length; index++)
            {
                insert.Parameters[index].Value = values[index] ?? DBNull.Value;
            }

            insert.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    private static async Task StoreAsync(string path, DateOnly date, DigestItem[] items)
    {
        using var repository = new SqliteDigestRepository(path);
        (await repository.StoreAsync(date, items)).EnsureStored();
    }

    private static async Task StoreInContainerAsync(string path, DateOnly date, DigestItem[] items)
    {
        var services = new ServiceCollection();
        services.AddSqliteDigestStore(path);
        await using ServiceProvider provider = services.BuildServiceProvider();
        (await provider.GetRequiredService<IDigestRepository>().StoreAsync(date, items)).EnsureStored();
    }
}
