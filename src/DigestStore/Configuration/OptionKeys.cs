using System.Globalization;

namespace DigestStore.Configuration;

// One option in configuration: its name, the rule for its text as an error message says it, and how the text is read into the options.
internal sealed record OptionKey<T>(string Name, string Rule, Func<T, string, bool> TrySet);

// All options, by name. The framework's configuration binder is not used, because it stops at the first value that it cannot read, names no
// remedy, ignores an object where a number should be, and does not find misspelt names. See docs/adr/0016-the-switch-comes-first.md.
internal static class OptionKeys
{
    public const string Enabled = nameof(DigestStoreOptions.Enabled);
    public const string Identity = nameof(DigestStoreOptions.Identity);

    public static readonly OptionKey<DigestStoreOptions>[] OfStore =
    [
        Of<DigestStoreOptions, bool>(Enabled, "true, on, yes or 1 to store, or false, off, no or 0 to switch the store off", TryReadBoolean, static (options, value) => options.Enabled = value),
        Of<DigestStoreOptions, DisabledItems>(nameof(DigestStoreOptions.WhenDisabled), "Drop or DeadLetter", TryReadEnum, static (options, value) => options.WhenDisabled = value),
        Text(nameof(DigestStoreOptions.TableName), static (options, value) => options.TableName = value),
        Text(nameof(DigestStoreOptions.DigestName), static (options, value) => options.DigestName = value),
        Text(nameof(DigestStoreOptions.Region), static (options, value) => options.Region = value),
        Text(nameof(DigestStoreOptions.ServiceUrl), static (options, value) => options.ServiceUrl = value),
        Duration(nameof(DigestStoreOptions.Deadline), static (options, value) => options.Deadline = value),
        Duration(nameof(DigestStoreOptions.ReadDeadline), static (options, value) => options.ReadDeadline = value),
        Duration(nameof(DigestStoreOptions.AttemptTimeout), static (options, value) => options.AttemptTimeout = value),
        Duration(nameof(DigestStoreOptions.ConnectTimeout), static (options, value) => options.ConnectTimeout = value),
        Integer(nameof(DigestStoreOptions.MaxAttempts), static (options, value) => options.MaxAttempts = value),
        Duration(nameof(DigestStoreOptions.RetryDelay), static (options, value) => options.RetryDelay = value),
        Duration(nameof(DigestStoreOptions.ThrottleDelay), static (options, value) => options.ThrottleDelay = value),
        Duration(nameof(DigestStoreOptions.MaxRetryDelay), static (options, value) => options.MaxRetryDelay = value),
        Integer(nameof(DigestStoreOptions.BatchSize), static (options, value) => options.BatchSize = value),
        Integer(nameof(DigestStoreOptions.MaxConcurrency), static (options, value) => options.MaxConcurrency = value),
        Duration(nameof(DigestStoreOptions.Retention), static (options, value) => options.Retention = value),
        Boolean<DigestStoreOptions>(nameof(DigestStoreOptions.ConsistentReads), static (options, value) => options.ConsistentReads = value),
        Integer(nameof(DigestStoreOptions.MaxProblems), static (options, value) => options.MaxProblems = value),
        Integer(nameof(DigestStoreOptions.MaxItems), static (options, value) => options.MaxItems = value),
        Duration(nameof(DigestStoreOptions.MaxLookback), static (options, value) => options.MaxLookback = value),
        Text(nameof(DigestStoreOptions.TimeZone), static (options, value) => options.TimeZone = value),
        Text(nameof(DigestStoreOptions.Caller), static (options, value) => options.Caller = value),
    ];

    public static readonly OptionKey<UrlIdentityOptions>[] OfIdentity =
    [
        Boolean<UrlIdentityOptions>(nameof(UrlIdentityOptions.TreatHttpAsHttps), static (rules, value) => rules.TreatHttpAsHttps = value),
        Boolean<UrlIdentityOptions>(nameof(UrlIdentityOptions.DropWww), static (rules, value) => rules.DropWww = value),
        Boolean<UrlIdentityOptions>(nameof(UrlIdentityOptions.DropTrailingSlash), static (rules, value) => rules.DropTrailingSlash = value),
        Boolean<UrlIdentityOptions>(nameof(UrlIdentityOptions.CollapseSlashes), static (rules, value) => rules.CollapseSlashes = value),
        Boolean<UrlIdentityOptions>(nameof(UrlIdentityOptions.DropFragment), static (rules, value) => rules.DropFragment = value),
        Boolean<UrlIdentityOptions>(nameof(UrlIdentityOptions.DropTrackingParameters), static (rules, value) => rules.DropTrackingParameters = value),
        Boolean<UrlIdentityOptions>(nameof(UrlIdentityOptions.SortQuery), static (rules, value) => rules.SortQuery = value),
    ];

    public static readonly (string Name, Func<UrlIdentityOptions, IList<string>> List)[] IdentityLists =
    [
        (nameof(UrlIdentityOptions.AdditionalTrackingParameters), static rules => rules.AdditionalTrackingParameters),
        (nameof(UrlIdentityOptions.KeptParameters), static rules => rules.KeptParameters),
    ];

    // Several spellings are accepted, because Enabled is set in an emergency, when nobody has time to look up the right one.
    public static bool TryReadBoolean(string text, out bool value)
    {
        string word = text.Trim().ToUpperInvariant();
        value = word is "TRUE" or "ON" or "YES" or "1";
        return value || word is "FALSE" or "OFF" or "NO" or "0";
    }

    private static bool TryReadEnum(string text, out DisabledItems value) => Enum.TryParse(text, ignoreCase: true, out value);

    private static bool TryReadText(string text, out string value)
    {
        value = text;
        return true;
    }

    private static bool TryReadInteger(string text, out int value) => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out value);

    private static bool TryReadDuration(string text, out TimeSpan value) => TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out value);

    private static OptionKey<T> Boolean<T>(string name, Action<T, bool> set) => Of(name, "true or false", TryReadBoolean, set);

    private static OptionKey<DigestStoreOptions> Text(string name, Action<DigestStoreOptions, string> set) => Of(name, "a text", TryReadText, set);

    private static OptionKey<DigestStoreOptions> Integer(string name, Action<DigestStoreOptions, int> set) => Of(name, "a whole number", TryReadInteger, set);

    private static OptionKey<DigestStoreOptions> Duration(string name, Action<DigestStoreOptions, TimeSpan> set) =>
        Of(name, "a time such as 00:00:20, or 30.00:00:00 for 30 days", TryReadDuration, set);

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
