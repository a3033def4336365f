namespace DigestStore.TestSupport;

/// <summary>Finds the maintainers' collections of real data, which are not part of the repository.</summary>
public static class RealData
{
    /// <summary>The environment variable that names the directory; without it <c>shared/data</c> is looked for upwards of the tests.</summary>
    public const string DirectoryVariable = "DIGESTSTORE_TEST_DATA";

    /// <summary>Finds a file.</summary>
    /// <param name="fileName">Its name, or its path below the data directory.</param>
    /// <returns>The whole path, or <see langword="null"/> on a machine that does not have it.</returns>
    public static string? Find(string fileName)
    {
        string? given = Environment.GetEnvironmentVariable(DirectoryVariable);
        return string.IsNullOrWhiteSpace(given)
            ? Upwards(Path.Combine("shared", "data", fileName))
            : Existing(Path.Combine(given, fileName));
    }

    /// <summary>What a skipped test says.</summary>
    /// <param name="fileName">The file that it needs.</param>
    /// <returns>The reason and the remedy.</returns>
    public static string Missing(string fileName) =>
        $"{fileName} is not on this machine: it is real data that the repository may not redistribute. Set {DirectoryVariable} to its directory, or put it into shared/data beside the checkout.";

    private static string? Upwards(string relative)
    {
        for (DirectoryInfo? directory = new(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (Existing(Path.Combine(directory.FullName, relative)) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static string? Existing(string path) => File.Exists(path) ? path : null;
}
