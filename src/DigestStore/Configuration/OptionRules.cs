using System.Globalization;
using DigestStore.Telemetry;

namespace DigestStore.Configuration;

// The rules for the values of options. Every message names the value, the rule and the remedy. The framework's validation attributes are not
// used, because they can name only the rule, and because a new process would have to load and compile them before its first store.
internal static class OptionRules
{
    // Finds all problems, not only the first one, in the order of the options.
    public static List<string> Problems(DigestStoreOptions options)
    {
        List<string> problems = [.. options.Findings?.Problems ?? []];
        Check(options.WhenDisabled is DisabledItems.Drop or DisabledItems.DeadLetter, nameof(options.WhenDisabled), options.WhenDisabled,
            $"{nameof(DisabledItems.Drop)} or {nameof(DisabledItems.DeadLetter)}. Leave it out for {nameof(DisabledItems.Drop)}.");
        Check(IsTableName(options.TableName), nameof(options.TableName), options.TableName,
            "3 to 255 letters, digits, '_', '-' or '.', or the ARN of a table. Set the name that the table was created with.");
        Check(options.DigestName is { Length: >= 1 and <= 64 } digest && digest.All(IsLowerCaseNamePart), nameof(options.DigestName), options.DigestName,
            "1 to 64 lower-case letters, digits or '-'. It is part of every key, so choose it once.");
        Check(options.Region is null || (options.Region.Length > 0 && options.Region.All(IsLowerCaseNamePart)), nameof(options.Region), options.Region,
            "the name of an AWS region such as eu-central-1. Leave it out to let the AWS SDK find it.");
        Check(options.ServiceUrl is null || IsEndpoint(options.ServiceUrl.Trim()), nameof(options.ServiceUrl), WithoutPassword(options.ServiceUrl),
            "an absolute http or https URL without a user name, such as http://localhost:8000. Leave it out to use AWS's own endpoint.");
        bool isDeadlineValid = CheckBounds(nameof(options.Deadline), options.Deadline, "00:00:00.001", "01:00:00", "Set the longest time that your email may be held up.");
        CheckBounds(nameof(options.ReadDeadline), options.ReadDeadline, "00:00:00.001", "01:00:00", "Set the longest time that a reader may wait for a page.");

        // An attempt time-out that is not set follows the deadline. If the deadline is invalid, only that one problem is reported.
        if ((isDeadlineValid || options.IsAttemptTimeoutSet) &&
            CheckBounds(nameof(options.AttemptTimeout), options.AttemptTimeout, "00:00:00.001", "00:10:00", "Set it well above the slowest answer that you expect, and below the deadlines.") &&
            isDeadlineValid)
        {
            Check(options.AttemptTimeout <= options.Deadline, nameof(options.AttemptTimeout), options.AttemptTimeout,
                $"at most {nameof(options.Deadline)}, which is '{options.Deadline}'. Lower it, raise {nameof(options.Deadline)}, or leave it out for '{DigestStoreDefaults.AttemptTimeout}' or a shorter {nameof(options.Deadline)}.");
        }

        CheckBounds(nameof(options.ConnectTimeout), options.ConnectTimeout, "00:00:00.001", "00:10:00", "Set it to a few round trips to the region.");
        CheckBounds(nameof(options.MaxAttempts), options.MaxAttempts, "1", "10", "Use 1 for no retries; more than 10 would only hold up the email.");
        CheckBounds(nameof(options.RetryDelay), options.RetryDelay, "00:00:00", "00:01:00", "Use a fraction of the deadline.");
        CheckBounds(nameof(options.ThrottleDelay), options.ThrottleDelay, "00:00:00", "00:01:00", "Use a fraction of the deadline.");
        CheckBounds(nameof(options.MaxRetryDelay), options.MaxRetryDelay, "00:00:00", "00:10:00", "Use a fraction of the deadline.");
        CheckBounds(nameof(options.BatchSize), options.BatchSize, "1", "25", "DynamoDB takes 1 to 25 items in one BatchWriteItem; 25 needs the fewest requests.");
        CheckBounds(nameof(options.MaxConcurrency), options.MaxConcurrency, "1", "64", "8 keeps one partition busy; more only helps far from the region.");
        if (options.Retention is { } retention)
        {
            CheckBounds(nameof(options.Retention), retention, "00:00:01", "36525.00:00:00", "Leave it out to keep items for ever.");
        }

        CheckBounds(nameof(options.MaxProblems), options.MaxProblems, "0", "100000", "A few dozen are enough to find a cause.");
        CheckBounds(nameof(options.MaxItems), options.MaxItems, "1", "100000000", "Hand longer inputs in as an IAsyncEnumerable.");
        CheckBounds(nameof(options.MaxLookback), options.MaxLookback, "1.00:00:00", "3660.00:00:00", "Set the number of days for which no link shall be sent twice.");
        Check(options.TimeZone is not null && TimeZoneInfo.TryFindSystemTimeZoneById(options.TimeZone, out _), nameof(options.TimeZone), options.TimeZone,
            "the IANA name of a time zone that this machine knows, such as Europe/Berlin. Leave it out for UTC; on a machine without time zones, install the package tzdata.");
        Check(options.Caller is not { Length: > CallNames.MaxLength }, nameof(options.Caller), options.Caller,
            $"at most {CallNames.MaxLength} characters long; it has {options.Caller?.Length}. Shorten it.");
        Check(options.Identity is not null, nameof(options.Identity), null, "set. Leave it as it is for the default rules.");
        CheckNames(nameof(UrlIdentityOptions.AdditionalTrackingParameters), options.Identity?.AdditionalTrackingParameters);
        CheckNames(nameof(UrlIdentityOptions.KeptParameters), options.Identity?.KeptParameters);
        if (options.MaxRetryDelay < options.RetryDelay || options.MaxRetryDelay < options.ThrottleDelay)
        {
            problems.Add(
                $"{nameof(DigestStoreOptions)}.{nameof(options.MaxRetryDelay)} is '{options.MaxRetryDelay}', but must not be below " +
                $"{nameof(options.RetryDelay)} ('{options.RetryDelay}') or {nameof(options.ThrottleDelay)} ('{options.ThrottleDelay}'). Raise it, or lower those.");
        }

        return problems;

        void CheckNames(string list, IList<string>? names)
        {
            int index = names?.IndexOf(null!) ?? -1;
            Check(index < 0, $"{nameof(options.Identity)}.{list}[{index}]", null, "the name of a query parameter. Remove the entry, or give it a name.");
        }

        bool CheckBounds<T>(string property, T value, string minimum, string maximum, string remedy)
            where T : struct, IComparable<T>, IParsable<T>
        {
            bool isInside = value.CompareTo(T.Parse(minimum, CultureInfo.InvariantCulture)) >= 0 && value.CompareTo(T.Parse(maximum, CultureInfo.InvariantCulture)) <= 0;
            Check(isInside, property, value, $"between {minimum} and {maximum}. {remedy}");
            return isInside;
        }

        void Check(bool isMet, string property, object? value, string ruleAndRemedy)
        {
            if (!isMet)
            {
                problems.Add($"{nameof(DigestStoreOptions)}.{property} is {Quote(value)}, but must be {ruleAndRemedy}");
            }
        }
    }

    // The message is logged, so the value must be one line of printable characters.
    internal static string Quote(object? value) =>
        value is null ? "missing" : $"'{CallNames.Clean(string.Create(CultureInfo.InvariantCulture, $"{value}"))}'";

    private static bool IsLowerCaseNamePart(char character) => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '-';

    private static bool IsTableName(string? name)
    {
        if (name is null)
        {
            return false;
        }

        return name.StartsWith("arn:", StringComparison.Ordinal)
            ? name.Length <= 1024 && name.Contains(":table/", StringComparison.Ordinal) && name.All(static character => character is > ' ' and <= '~')
            : name.Length is >= 3 and <= 255 && name.All(static character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-' or '.');
    }

    internal static bool IsEndpoint(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out Uri? parsed) && parsed is { Scheme: "http" or "https", UserInfo: "" };

    // The message is logged, so a user name and a password in the URL must not be in it.
    internal static string? WithoutPassword(string? url) => url?.LastIndexOf('@') is >= 0 and int at ? "?" + url[at..] : url;
}
