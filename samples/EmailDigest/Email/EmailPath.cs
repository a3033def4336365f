using System.Globalization;

namespace EmailDigest.Email;

/// <summary>Where the email goes.</summary>
internal static class EmailPath
{
    public static string Of(JobOptions options) => IsFolder(options)
        ? Path.Combine(options.Output, string.Create(CultureInfo.InvariantCulture, $"digest-{options.Date:yyyy-MM-dd}.eml"))
        : options.Output;

    public static string FolderOf(JobOptions options) => IsFolder(options) ? options.Output : Path.GetDirectoryName(options.Output) ?? "";

    private static bool IsFolder(JobOptions options) => Path.EndsInDirectorySeparator(options.Output) || Directory.Exists(options.Output);
}
