namespace DigestStore.Doctor;

// A command of the AWS CLI for this very table. People copy it into a shell, so whatever is not ours is quoted.
internal static class AwsCommand
{
    public static string For(DigestStoreOptions options, string operation, string arguments = "") =>
        $"aws dynamodb {operation} --table-name {Quoted(options.TableName)}{Option("region", options.Region)}{Option("endpoint-url", options.ServiceUrl)}{(arguments.Length > 0 ? " " : "")}{arguments}";

    // The key service has an address of its own, also where the table's is set.
    public static string DescribeKey(DigestStoreOptions options, string key) =>
        $"aws kms describe-key --key-id {Quoted(key)}{Option("region", options.Region)}";

    // For the shells of POSIX, which take everything between single quotes as it is.
    public static string Quoted(string text) =>
        text.Length > 0 && text.All(static character => char.IsAsciiLetterOrDigit(character) || character is '_' or '.' or ':' or '/' or '-')
            ? text
            : $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    private static string Option(string name, string? value) => value is null ? "" : $" --{name} {Quoted(value)}";
}
