using DigestStore.Configuration;

namespace DigestStore.DynamoDb;

// Finds the environment variable or file that the AWS SDK cannot use, and describes it with its value, the rule and the remedy. The
// messages of the SDK's exceptions are not shown, because they may hold a line of a file with credentials.
internal static class SdkEnvironment
{
    private static readonly (string Variable, string DefaultPath) ConfigurationFile = ("AWS_CONFIG_FILE", "~/.aws/config");
    private static readonly (string Variable, string DefaultPath) CredentialsFile = ("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials");
    private static readonly string[] Endpoints = ["AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL"];
    private static readonly string[] Regions = ["AWS_REGION", "AWS_DEFAULT_REGION"];
    private static readonly string[] Variants = ["AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"];

    // The SDK also reads the credentials file for the settings of a client. The message of the exception is only searched, never kept.
    public static bool IsAboutCredentialsFile(Exception failure) =>
        Causes(failure).Any(static cause => cause.Message.Contains(PathOf(CredentialsFile).TrimStart('~'), StringComparison.Ordinal));

    // Null if the exception is about none of the settings that are checked here.
    public static string? DescribeProblem(Exception failure)
    {
        if (Causes(failure).Any(static cause => cause is InvalidDataException or UnauthorizedAccessException))
        {
            return "A file of the AWS SDK's cannot be read, but must be readable and hold nothing but sections, lines of the form name = value, and comments. " +
                $"Correct {PathOf(ConfigurationFile)} or {PathOf(CredentialsFile)}, and start the process anew, since the SDK reads them only once.";
        }

        return DescribeInvalid(Endpoints, OptionRules.IsEndpoint, "an absolute http or https URL, such as https://dynamodb.eu-central-1.amazonaws.com", OptionRules.WithoutPassword)
            ?? DescribeInvalid(Regions, static region => region.All(static part => char.IsAsciiLetterOrDigit(part) || part == '-'), "the name of an AWS region, such as eu-central-1")
            ?? DescribeInvalid(["AWS_ACCOUNT_ID_ENDPOINT_MODE"], static mode => !EqualsText(mode, "required"), "preferred or disabled, since the credentials name no account")
            ?? DescribeInvalid(Variants, static isWanted => !EqualsText(isWanted, "true"), "false where ServiceUrl or AWS_ENDPOINT_URL gives an endpoint");
    }

    private static string? DescribeInvalid(string[] names, Func<string, bool> isValid, string rule, Func<string?, string?>? format = null)
    {
        foreach (string name in names)
        {
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value && !isValid(value))
            {
                return $"{name} is {OptionRules.Quote(format is null ? value : format(value))}, but must be {rule}. Correct it, or remove it from the environment.";
            }
        }

        return null;
    }

    private static string PathOf((string Variable, string DefaultPath) file) => Environment.GetEnvironmentVariable(file.Variable) is { Length: > 0 } path ? path : file.DefaultPath;

    private static IEnumerable<Exception> Causes(Exception failure)
    {
        for (Exception? cause = failure; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }

    private static bool EqualsText(string value, string text) => string.Equals(value.Trim(), text, StringComparison.OrdinalIgnoreCase);
}
