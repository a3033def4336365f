using System.Globalization;

namespace DigestStore.Configuration;

// One option as configuration has it: its name, what a text must be to be a value of it, and how it is set.
internal sealed record OptionKey<T>(string Name, string Rule, Func<T, string, bool> TrySet);

// Every option by name. By hand: the framework's binder ends at the first value that it cannot read, names no remedy, passes over an
// object where a number belongs, and knows no misspelt names. See docs/adr/0016-the-switch-comes-first.md.
internal static class OptionKeys
{
    public const string Enabled = nameof(DigestStoreOptions.Enabled);
    public const string Identity = nameof(DigestStoreOptions.Identity);

    public static readonly OptionKey<DigestStoreOptions>[] OfStore =
    [
        Of<DigestStoreOptions, bool>(Enabled, "true, on, yes or 1 to store, or false, off, no or 0 to switch the store off", TryFlag, static (options, value) => options.Enabled = value),
        Of<DigestStoreOptions, DisabledItems>(nameof(DigestStoreOptions.WhenDisabled), "Drop or DeadLetter", TryChoice, static (options, value) => options.WhenDisabled = value),
        Text(nameof(DigestStoreOptions.TableName), static (options, value) => options.TableName = value),
        Text(nameof(DigestStoreOptions.DigestName), static (options, value) => options.DigestName = value),
        Text(nameof(DigestStoreOptions.Region), static (options, value) => options.Region = value),
        Text(nameof(DigestStoreOptions.ServiceUrl), static (options, value) => options.ServiceUrl = value),
        Time(nameof(DigestStoreOptions.Deadline), static (options, value) => options.Deadline = value),
        Time(nameof(DigestStoreOptions.ReadDeadline), static (options, value) => options.ReadDeadline = value),
        Time(nameof(DigestStoreOptions.AttemptTimeout), static (options, value) => options.AttemptTimeout = value),
        Time(nameof(DigestStoreOptions.ConnectTimeout), static (options, value) => options.ConnectTimeout = value),
        Whole(nameof(DigestStoreOptions.MaxAttempts), static (options, value) => options.MaxAttempts = value),
        Time(nameof(DigestStoreOptions.RetryDelay), static (options, value) => options.RetryDelay = value),
        Time(nameof(DigestStoreOptions.ThrottleDelay), static (options, value) => options.ThrottleDelay = value),
        Time(nameof(DigestStoreOptions.MaxRetryDelay), static (options, value) => options.MaxRetryDelay = value),
        Whole(nameof(DigestStoreOptions.BatchSize), static (options, value) => options.BatchSize = value),
        Whole(nameof(DigestStoreOptions.MaxConcurrency), static (options, value) => options.MaxConcurrency = value),
        Time(nameof(DigestStoreOptions.Retention), static (options, value) => options.Retention = value),
        Switch<DigestStoreOptions>(nameof(DigestStoreOptions.ConsistentReads), static (options, value) => options.ConsistentReads = value),
        Whole(nameof(DigestStoreOptions.MaxProblems), static (options, value) => options.MaxProblems = value),
        Whole(nameof(DigestStoreOptions.MaxItems), static (options, value) => options.MaxItems = value),
        Text(nameof(DigestStoreOptions.Caller), static (options, value) => options.Caller = value),
    ];

    public static readonly OptionKey<UrlIdentityOptions>[] OfIdentity =
    [
        Switch<UrlIdentityOptions>(nameof(UrlIdentityOptions.TreatHttpAsHttps), static (rules, value) => rules.TreatHttpAsHttps = value),
        Switch<UrlIdentityOptions>(nameof(UrlIdentityOptions.DropWww), static (rules, value) => rules.DropWww = value),
        Switch<UrlIdentityOptions>(nameof(UrlIdentityOptions.DropTrailingSlash), static (rules, value) => rules.DropTrailingSlash = value),
        Switch<UrlIdentityOptions>(nameof(UrlIdentityOptions.CollapseSlashes), static (rules, value) => rules.CollapseSlashes = value),
        Switch<UrlIdentityOptions>(nameof(UrlIdentityOptions.DropFragment), static (rules, value) => rules.DropFragment = value),
        Switch<UrlIdentityOptions>(nameof(UrlIdentityOptions.DropTrackingParameters), static (rules, value) => rules.DropTrackingParameters = value),
        Switch<UrlIdentityOptions>(nameof(UrlIdentityOptions.SortQuery), static (rules, value) => rules.SortQuery = value),
    ];

    public static readonly (string Name, Func<UrlIdentityOptions, IList<string>> List)[] IdentityLists =
    [
        (nameof(UrlIdentityOptions.AdditionalTrackingParameters), static rules => rules.AdditionalTrackingParameters),
        (nameof(UrlIdentityOptions.KeptParameters), static rules => rules.KeptParameters),
    ];

    // In an emergency nobody looks up how a switch is spelt.
    public static bool TryFlag(string text, out bool value)
    {
        string word = text.Trim().ToUpperInvariant();
        value = word is "TRUE" or "ON" or "YES" or "1";
        return value || word is "FALSE" or "OFF" or "NO" or "0";
    }

    private static bool TryChoice(string text, out DisabledItems value) => Enum.TryParse(text, ignoreCase: true, out value);

    private static bool TryText(string text, out string value)
    {
        value = text;
        return true;
    }

    private static bool TryWhole(string text, out int value) => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out value);

    private static bool TryTime(string text, out TimeSpan value) => TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out value);

    private static OptionKey<T> Switch<T>(string name, Action<T, bool> set) => Of(name, "true or false", TryFlag, set);

    private static OptionKey<DigestStoreOptions> Text(string name, Action<DigestStoreOptions, string> set) => Of(name, "a text", TryText, set);

    private static OptionKey<DigestStoreOptions> Whole(string name, Action<DigestStoreOptions, int> set) => Of(name, "a whole number", TryWhole, set);

    private static OptionKey<DigestStoreOptions> Time(string name, Action<DigestStoreOptions, TimeSpan> set) =>
        Of(name, "a time such as 00:00:20, or 30.00:00:00 for 30 days", TryTime, set);

    private static OptionKey<T> Of<T, TValue>(string name, string rule, TryRead<TValue> tryRead, Action<T, TValue> set) => new(name, rule, (options, text) =>
    {
        bool isRead = tryRead(text, out TValue value);
        if (isRead)
        {
            set(options, value);
        }

        return isRead;
    });

    private delegate bool TryRead<TValue>(string text, out TValue value);
}
