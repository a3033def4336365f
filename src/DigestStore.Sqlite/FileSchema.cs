using System.Globalization;
using DigestStore.Table;

namespace DigestStore.Sqlite;

// The schema of the file itself, which is another one than the schema of the records in it.
internal static class FileSchema
{
    // "DgSt" in ASCII. The file command and SQLite's tools tell by it whose file it is.
    public const int ApplicationId = 0x44675374;

    // A record is a row, with the record itself as JSON in the form that DynamoDB exports. The other columns are copies of what queries need of
    // it: size is the number of bytes that DynamoDB would count. Texts compare by their bytes in UTF-8, which is the order of DynamoDB. A key of
    // an index comes from the record, and a record without it is not in the index.
    private const string CreateRecords =
        """
        CREATE TABLE records (
          tbl TEXT NOT NULL, pk TEXT NOT NULL, sk TEXT NOT NULL,
          body BLOB NOT NULL, size INTEGER NOT NULL, expiresAt INTEGER, gsi1pk TEXT, gsi1sk TEXT,
          PRIMARY KEY (tbl, pk, sk)
        ) WITHOUT ROWID;
        CREATE INDEX records_by_status ON records (tbl, gsi1pk, gsi1sk, pk, sk) WHERE gsi1pk IS NOT NULL;
        CREATE INDEX records_by_expiry ON records (expiresAt) WHERE expiresAt IS NOT NULL;
        """;

    // Each step makes a file one version newer. A new file has version 0.
    private static readonly string[] Steps = [CreateRecords];

    // Makes a new file a file of this version, or an older one. Throws an UnusableFileException for a file that is none of ours, or newer.
    public static void Prepare(Database database, string path) => Prepare(database, path, Steps);

    public static void Prepare(Database database, string path, string[] steps)
    {
        // One state of the file is looked at, because another process may be creating it at this moment.
        database.Execute("BEGIN");
        int version;
        try
        {
            version = VersionOf(database, path, steps.Length);
        }
        finally
        {
            database.Execute("COMMIT");
        }

        if (version < steps.Length)
        {
            Upgrade(database, path, steps);
        }

        // WAL is noted in the file, so that all but the first connection find it there. The other settings are those of the connection. On
        // macOS only fullfsync makes the disk write what it has in its cache. No commit copies the log into the file, since somebody waits for
        // it: Housekeeping does. What a statement may have to undo is kept in memory and not in a file. 8 MB of pages are enough for the headers of
        // a year, each of which lies on another page.
        if (database.ReadText("PRAGMA journal_mode = WAL") is var mode and not "wal")
        {
            throw new UnusableFileException(SqliteFaults.NoLog(path, mode));
        }

        database.Execute("PRAGMA synchronous = FULL; PRAGMA fullfsync = 1; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -8192; PRAGMA journal_size_limit = 16777216");
    }

    private static void Upgrade(Database database, string path, string[] steps)
    {
        // Only an empty file takes it. Records of about 1 KB would not fit into the smaller default pages, and lie in chains of further ones.
        database.Execute("PRAGMA page_size = 8192");
        database.Execute("BEGIN IMMEDIATE");
        try
        {
            // Another process may have been faster.
            for (int version = VersionOf(database, path, steps.Length); version < steps.Length; version++)
            {
                database.Execute(steps[version]);
            }

            database.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {steps.Length}; COMMIT"));
        }
        catch
        {
            if (database.IsInTransaction)
            {
                database.Execute("ROLLBACK");
            }

            throw;
        }
    }

    private static int VersionOf(Database database, string path, int newest)
    {
        int application = (int)database.ReadNumber("PRAGMA application_id");
        int version = (int)database.ReadNumber("PRAGMA user_version");
        if (application != ApplicationId && (application != 0 || version != 0 || database.ReadNumber("SELECT count(*) FROM sqlite_schema") > 0))
        {
            throw new UnusableFileException(SqliteFaults.SchemaMismatch($"The file '{path}' is a database of another program, and no file of DigestStore. Nothing was changed in it. Name another file."));
        }

        return version <= newest ? version : throw new UnusableFileException(SqliteFaults.SchemaMismatch(string.Create(
            CultureInfo.InvariantCulture,
            $"The file '{path}' has version {version} of its schema, and this version of DigestStore.Sqlite knows versions up to {newest}. A newer one has written it. Update this application.")));
    }
}

// This version cannot work with the file. It never leaves the package: SqliteFaults takes the fault out.
internal sealed class UnusableFileException(TableFault fault) : Exception(fault.Remedy)
{
    public TableFault Fault => fault;
}
