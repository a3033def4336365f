namespace DigestStore.Doctor;

// Writes a command of the AWS CLI for the inspected table. People copy it into a shell, so every text that does not come from the library is
// quoted.
internal static class AwsCommand
{
    public static string For(DigestStoreOptions options, string operation, string arguments = "") =>
        $"aws dynamodb {operation} --table-name {Quoted(options.TableName)}{Option("region", options.Region)}{Option("endpoint-url", options.ServiceUrl)}{(arguments.Length > 0 ? " " : "")}{arguments}";

    // KMS has an endpoint of its own, so the table's ServiceUrl does not apply.
    public static string DescribeKey(DigestStoreOptions options, string key) =>
        $"aws kms describe-key --key-id {Quoted(key)}{Option("region", options.Region)}";

    // POSIX shells take everything between single quotes literally.
    public static string Quoted(string text) =>
        text.Length > 0 && text.All(static character => char.IsAsciiLetterOrDigit(character) || character is '_' or '.' or ':' or '/' or '-')
            ? text
            : $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    private static string Option(string name, string? value) => value is null ? "" : $" --{name} {Quoted(value)}";
}
