namespace DigestStore.Sqlite;

// The places in which a file works at first and is damaged or lost later.
internal static class UnsafePlaces
{
    public const string Network = "It is on a network file system, whose locks and flushes SQLite cannot rely on, so that the file may be damaged. Put it on a disk of this machine.";
    public const string OfLambda = "The temporary folder of a Lambda function is gone with its instance, and each instance has its own. Use DynamoDB there.";

    private const string LambdaVariable = "AWS_LAMBDA_FUNCTION_NAME";

    // Null if nothing is known against the place.
    public static string? ProblemOf(string path) => ProblemOf(path, Environment.GetEnvironmentVariable, static folder => new DriveInfo(folder).DriveType);

    public static string? ProblemOf(string path, Func<string, string?> variable, Func<string, DriveType> driveOf)
    {
        if (!string.IsNullOrEmpty(variable(LambdaVariable)) && path.StartsWith(Path.TrimEndingDirectorySeparator(Path.GetTempPath()) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            return OfLambda;
        }

        return IsOnNetwork(path, driveOf) ? Network : null;
    }

    private static bool IsOnNetwork(string path, Func<string, DriveType> driveOf)
    {
        if (path.StartsWith(@"\\", StringComparison.Ordinal))
        {
            return true;
        }

        // The folder may be one that the first call creates.
        string? folder = Path.GetDirectoryName(path);
        while (folder is not null && !Directory.Exists(folder))
        {
            folder = Path.GetDirectoryName(folder);
        }

        try
        {
            return folder is not null && driveOf(folder) == DriveType.Network;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // The system does not tell.
            return false;
        }
    }
}
