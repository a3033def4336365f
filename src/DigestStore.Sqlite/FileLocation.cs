namespace DigestStore.Sqlite;

// Where a file lies.
internal static class FileLocation
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static StringComparer PathComparer => OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    // The whole path without symbolic links, so that two spellings of it are one file. Where that cannot be found out, two writers of this
    // process take turns, as those of two processes do.
    public static string Canonical(string path)
    {
        string full = Path.GetFullPath(path);
        try
        {
            string? folder = Path.GetDirectoryName(full);
            string parent = folder is null ? "" : Directory.Exists(folder) ? CanonicalFolder(new DirectoryInfo(folder)) : folder;
            string whole = Path.Combine(parent, Path.GetFileName(full));
            return File.ResolveLinkTarget(whole, returnFinalTarget: true)?.FullName ?? whole;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return full;
        }
    }

    // The file is created empty, for its owner only, because links can contain secrets. SQLite gives the files that it puts beside it the same
    // permissions. True if it was not there. A file that is there is not opened: closing it would release the locks that SQLite has on it.
    public static bool Create(string path)
    {
        if (File.Exists(path) || Directory.Exists(path))
        {
            return false;
        }

        if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
        }

        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        try
        {
            new FileStream(path, options).Dispose();
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was faster.
            return false;
        }
    }

    private static string CanonicalFolder(DirectoryInfo folder)
    {
        if (folder.ResolveLinkTarget(returnFinalTarget: true) is DirectoryInfo target)
        {
            return CanonicalFolder(target);
        }

        return folder.Parent is { } parent ? Path.Combine(CanonicalFolder(parent), folder.Name) : folder.FullName;
    }
}
