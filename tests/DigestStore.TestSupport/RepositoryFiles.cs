namespace DigestStore.TestSupport;

/// <summary>Finds files of this checkout, such as documentation that tests compare with the code.</summary>
public static class RepositoryFiles
{
    private const string RootMarker = "DigestStore.sln";

    /// <summary>The whole path of a file or directory of the repository.</summary>
    /// <param name="relative">Its path from the repository's root, with <c>/</c>.</param>
    /// <returns>The path, whether anything is there or not.</returns>
    /// <exception cref="DirectoryNotFoundException">The tests do not run below a checkout.</exception>
    public static string PathOf(string relative) => Path.Combine(Root(), relative);

    /// <summary>The text of a file of the repository.</summary>
    /// <param name="relative">Its path from the repository's root, with <c>/</c>.</param>
    /// <returns>The text.</returns>
    /// <exception cref="DirectoryNotFoundException">The tests do not run below a checkout.</exception>
    public static string TextOf(string relative) => File.ReadAllText(PathOf(relative));

    private static string Root()
    {
        for (DirectoryInfo? directory = new(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, RootMarker)))
            {
                return directory.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No directory above '{AppContext.BaseDirectory}' has {RootMarker}. Run the tests from their build output inside the checkout.");
    }
}
