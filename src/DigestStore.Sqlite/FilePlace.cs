namespace DigestStore.Sqlite;

// Recognises the places where a file is damaged or lost sooner or later.
internal static class FilePlace
{
    private const string Mounts = "/proc/self/mountinfo";

    // Null if nothing is known against the place.
    public static string? ProblemOf(string path)
    {
        string? lambda = Environment.GetEnvironmentVariable("AWS_LAMBDA_FUNCTION_NAME");
        return ProblemOf(path, isLambda: !string.IsNullOrEmpty(lambda), FileSystemOf(path));
    }

    public static string? ProblemOf(string path, bool isLambda, string fileSystem)
    {
        if (isLambda && path.StartsWith(Path.GetTempPath(), StringComparison.Ordinal))
        {
            return "in the temporary folder of a Lambda function, which is gone with the instance of the function";
        }

        return IsNetwork(fileSystem) ? $"on a network file system ({fileSystem}), where SQLite's locks do not work and the file can be damaged" : null;
    }

    // The type of the file system that is mounted nearest above the path: https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html
    public static string FileSystemOf(string path, IEnumerable<string> mounts)
    {
        (string Point, string Type) nearest = ("", "");
        foreach (string mount in mounts)
        {
            // 36 35 98:0 /root /mount/point rw,noatime shared:1 - ext4 /dev/sda1 rw
            string[] fields = mount.Split(' ');
            int separator = Array.IndexOf(fields, "-");
            if (separator < 5 || separator + 1 >= fields.Length)
            {
                continue;
            }

            string point = fields[4].Replace("\\040", " ", StringComparison.Ordinal).TrimEnd('/');
            bool isAbove = path.StartsWith(point, StringComparison.Ordinal) && path.AsSpan(point.Length).StartsWith('/');
            if (isAbove && point.Length >= nearest.Point.Length)
            {
                // A later mount at the same point covers the one before.
                nearest = (point, fields[separator + 1]);
            }
        }

        return nearest.Type;
    }

    private static string FileSystemOf(string path)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                return File.Exists(Mounts) ? FileSystemOf(path, File.ReadLines(Mounts)) : "";
            }

            return new DriveInfo(Path.GetPathRoot(path) ?? path).DriveType == DriveType.Network ? "smb" : "";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return "";
        }
    }

    private static bool IsNetwork(string fileSystem) =>
        fileSystem is "9p" or "afs" or "ceph" or "cifs" or "smb" or "smb2" or "smb3" or "smbfs" or "virtiofs" ||
        fileSystem.StartsWith("nfs", StringComparison.Ordinal) || fileSystem.StartsWith("fuse.", StringComparison.Ordinal);
}
