namespace DigestStore.Sqlite;

// The path of a database file as a caller gives it. SQLite gives some texts a meaning of their own, and others are what people try because of
// what they know of other libraries. None of them is the name of a file that anybody wants.
internal static class DatabasePath
{
    private const string Remedy = "Give the path of a file, such as 'digests.db'.";

    private static readonly string[] ConnectionStringKeys = ["Data Source", "DataSource", "Filename"];

    // The full path. A relative one counts from the current directory as it is now, because the application may change it later. Only the text
    // is judged. What is on the disk is a matter of each call: a container runtime, for example, makes a directory of a file that it cannot
    // mount, and the emails have to go out then too.
    public static string Of(string path, string parameter)
    {
        ArgumentNullException.ThrowIfNull(path, parameter);
        if (Problem(path) is { } problem)
        {
            throw new ArgumentException($"The path of the database file is '{path.Replace("\0", "\\0", StringComparison.Ordinal)}', {problem}", parameter);
        }

        return Path.GetFullPath(path);
    }

    private static string? Problem(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            return $"which is blank. {Remedy}";
        }

        if (path.Contains('\0', StringComparison.Ordinal))
        {
            return $"which has a null character in it. {Remedy}";
        }

        if (path.StartsWith(":memory:", StringComparison.OrdinalIgnoreCase))
        {
            return "which means a database in memory. Give the path of a file, or call AddInMemoryDigestStore of the package DigestStore.Testing.";
        }

        if (path.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
        {
            return $"which is a URI. {Remedy}";
        }

        if (path.Contains('=', StringComparison.Ordinal) && Array.Exists(ConnectionStringKeys, key => path[..path.IndexOf('=', StringComparison.Ordinal)].Trim().Equals(key, StringComparison.OrdinalIgnoreCase)))
        {
            return $"which is a connection string. {Remedy}";
        }

        return Path.EndsInDirectorySeparator(path) ? $"which is a directory. {Remedy}" : null;
    }
}
