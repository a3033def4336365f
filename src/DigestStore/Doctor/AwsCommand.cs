namespace DigestStore.Doctor;

// A command of the AWS CLI for this very table.
internal static class AwsCommand
{
    public static string For(DigestStoreOptions options, string operation, string arguments = "") =>
        $"aws dynamodb {operation} --table-name {options.TableName}{Option("region", options.Region)}{Option("endpoint-url", options.ServiceUrl)}{(arguments.Length > 0 ? " " : "")}{arguments}";

    private static string Option(string name, string? value) => value is null ? "" : $" --{name} {value}";
}
