using DigestStore.Configuration;

namespace DigestStore.DynamoDb;

// What the AWS SDK takes from the environment and cannot use, told as value, rule and remedy. Its own texts are not shown: they can hold
// a line of a file with credentials.
internal static class SdkEnvironment
{
    private static readonly (string Variable, string Otherwise) ConfigurationFile = ("AWS_CONFIG_FILE", "~/.aws/config");
    private static readonly (string Variable, string Otherwise) CredentialsFile = ("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials");
    private static readonly string[] Endpoints = ["AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL"];
    private static readonly string[] Regions = ["AWS_REGION", "AWS_DEFAULT_REGION"];
    private static readonly string[] Variants = ["AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"];

    // The SDK reads the file with the credentials also for the settings of a client. The text is only looked at, never kept.
    public static bool IsCredentialsFile(Exception failure) =>
        Causes(failure).Any(static cause => cause.Message.Contains(PathOf(CredentialsFile).TrimStart('~'), StringComparison.Ordinal));

    // Null when it is none of the settings that are known here.
    public static string? Problem(Exception failure)
    {
        if (Causes(failure).Any(static cause => cause is InvalidDataException or UnauthorizedAccessException))
        {
            return "A file of the AWS SDK's cannot be read, but must be readable and hold nothing but sections, lines of the form name = value, and comments. " +
                $"Correct {PathOf(ConfigurationFile)} or {PathOf(CredentialsFile)}, and start the process anew, since the SDK reads them only once.";
        }

        return Wrong(Endpoints, OptionRules.IsEndpoint, "an absolute http or https URL, such as https://dynamodb.eu-central-1.amazonaws.com", OptionRules.WithoutPassword)
            ?? Wrong(Regions, static region => region.All(static part => char.IsAsciiLetterOrDigit(part) || part == '-'), "the name of an AWS region, such as eu-central-1")
            ?? Wrong(["AWS_ACCOUNT_ID_ENDPOINT_MODE"], static mode => !Is(mode, "required"), "preferred or disabled, since the credentials name no account")
            ?? Wrong(Variants, static isWanted => !Is(isWanted, "true"), "false where ServiceUrl or AWS_ENDPOINT_URL gives an endpoint");
    }

    private static string? Wrong(string[] names, Func<string, bool> isRight, string rule, Func<string?, string?>? shown = null)
    {
        foreach (string name in names)
        {
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value && !isRight(value))
            {
                return $"{name} is {OptionRules.Quote(shown is null ? value : shown(value))}, but must be {rule}. Correct it, or remove it from the environment.";
            }
        }

        return null;
    }

    private static string PathOf((string Variable, string Otherwise) file) => Environment.GetEnvironmentVariable(file.Variable) is { Length: > 0 } path ? path : file.Otherwise;

    private static IEnumerable<Exception> Causes(Exception failure)
    {
        for (Exception? cause = failure; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }

    private static bool Is(string value, string text) => string.Equals(value.Trim(), text, StringComparison.OrdinalIgnoreCase);
}
