using DigestStore.Telemetry;
using Microsoft.Extensions.Configuration;

namespace DigestStore.Configuration;

// Reads one section of configuration into options. A value that cannot be read is recorded as a problem, and reading continues, so that
// Enabled is found whatever else is wrong.
internal sealed class SectionReader(IConfiguration section)
{
    private readonly string _prefix = section is IConfigurationSection { Path: { } path } ? path + ":" : "";

    // These fields need no lock, because they only change from false to true.
    private volatile bool _hadKeys;
    private volatile bool _hadEnabled;
    private volatile bool _hadTableName;
    private volatile bool _hadDigestName;

    public IConfiguration Section => section;

    // The value of Enabled in the last of the sections that has one, as the options system would apply them. Null means that no section has one,
    // or that it cannot be read.
    public static bool? EnabledIn(IEnumerable<SectionReader> readers) => readers
        .Select(static reader => reader.Section[OptionKeys.Enabled])
        .LastOrDefault(static text => text is not null) is { } text && OptionKeys.TryReadBoolean(text, out bool isEnabled) ? isEnabled : null;

    public void Read(DigestStoreOptions options)
    {
        ConfigurationFindings findings = options.Findings ??= new ConfigurationFindings();
        var found = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (IConfigurationSection child in section.GetChildren())
        {
            if (TrySet(OptionKeys.OfStore, options, child, findings) || TryReadIdentity(options, child, findings))
            {
                found.Add(child.Key);
            }
            else
            {
                NoteMisspelt(child, findings);
            }
        }

        NoteRemovedKeys(found, findings);
    }

    private static bool HasChildren(IConfigurationSection child) => child.GetChildren().Any();

    private bool TryReadIdentity(DigestStoreOptions options, IConfigurationSection child, ConfigurationFindings findings)
    {
        if (!HasName(child, OptionKeys.Identity))
        {
            return false;
        }

        // Without a section of its own, the store reads the top level, where an environment variable of another program may have this name.
        if (!string.IsNullOrEmpty(child.Value) && _prefix.Length > 0)
        {
            findings.Problems.Add(Problem(child, "a section with the rules as keys. Correct it, or remove it for the default rules."));
        }

        UrlIdentityOptions rules = options.Identity ??= new UrlIdentityOptions();
        foreach (IConfigurationSection rule in child.GetChildren())
        {
            if (TrySet(OptionKeys.OfIdentity, rules, rule, findings) || TryReadList(rules, rule, findings))
            {
                continue;
            }

            SuggestName(rule, HasChildren(rule) ? OptionKeys.IdentityLists.Select(static list => list.Name) : IdentityNames(), findings);
        }

        return true;
    }

    private bool TryReadList(UrlIdentityOptions rules, IConfigurationSection child, ConfigurationFindings findings)
    {
        Func<UrlIdentityOptions, IList<string>>? list = Array.Find(OptionKeys.IdentityLists, known => HasName(child, known.Name)).List;
        if (list is null)
        {
            return false;
        }

        if (!string.IsNullOrEmpty(child.Value))
        {
            findings.Problems.Add(Problem(child, "a list of names. Correct it, or remove it for an empty list."));
        }

        foreach (IConfigurationSection entry in child.GetChildren())
        {
            if (entry.Value is null && HasChildren(entry))
            {
                findings.Problems.Add(Problem(entry, "a name. Correct it, or remove it."));
                continue;
            }

            // An entry that is null is added, so that OptionRules refuses it like a null that was set in code.
            list(rules).Add(entry.Value!);
        }

        return true;
    }

    private bool TrySet<T>(OptionKey<T>[] keys, T options, IConfigurationSection child, ConfigurationFindings findings)
    {
        if (Array.Find(keys, known => HasName(child, known.Name)) is not { } key)
        {
            return false;
        }

        bool isEnabledKey = key.Name == OptionKeys.Enabled;
        bool isSet = child.Value is { } text && key.TrySet(options, text);
        if (isSet && isEnabledKey)
        {
            // A later section of the same store overrides an earlier one whose value could not be read.
            findings.IsEnabledUnknown = false;
        }
        else if (!isSet && (child.Value is not null || HasChildren(child)))
        {
            findings.Problems.Add(Problem(child, key.Rule + (isEnabledKey ? ". Correct it." : ". Correct it, or remove it for the default.")));
            findings.IsEnabledUnknown |= isEnabledKey;
        }

        // A key without a value and without keys below it counts as not set.
        return isSet || child.Value is not null || HasChildren(child);
    }

    // A configuration file may be deleted, or read while it is being written. If the missing keys then counted as defaults, the store would
    // write to the default table.
    private void NoteRemovedKeys(HashSet<string> found, ConfigurationFindings findings)
    {
        if (found.Count == 0 && _hadKeys)
        {
            string name = _prefix.Length > 0 ? $"section '{_prefix.TrimEnd(':')}'" : "of the digest store";
            findings.Problems.Add($"The configuration {name} is gone or empty. Restore it, or restart the application to go on with the defaults.");
            findings.IsEnabledUnknown = true;
            return;
        }

        _hadKeys |= found.Count > 0;
        _hadEnabled = NoteRemovedKey(OptionKeys.Enabled, "Write true or false.", _hadEnabled, found, findings);
        _hadTableName = NoteRemovedKey(nameof(DigestStoreOptions.TableName), SetAgain(DigestStoreDefaults.TableName), _hadTableName, found, findings);
        _hadDigestName = NoteRemovedKey(nameof(DigestStoreOptions.DigestName), SetAgain(DigestStoreDefaults.DigestName), _hadDigestName, found, findings);
    }

    private static string SetAgain(string defaultName) => $"Set it again, to '{defaultName}' for the default, or restart the application.";

    // The same check for a single key, for the case that other keys of the section come from another source and are still there. It is made for
    // the three keys that say whether and where the store may write. If one of the names was removed and Enabled is not set, Enabled may have
    // been in the same file, so its value is unknown too.
    private bool NoteRemovedKey(string name, string remedy, bool wasSet, HashSet<string> found, ConfigurationFindings findings)
    {
        bool isSet = found.Contains(name);
        if (wasSet && !isSet)
        {
            findings.Problems.Add($"{_prefix}{name} was set and no longer is. {remedy}");
            findings.IsEnabledUnknown |= !found.Contains(OptionKeys.Enabled);
        }

        return wasSet || isSet;
    }

    // A key that has keys below it may be a section of other code, so it is reported only when it contains identity rules.
    private void NoteMisspelt(IConfigurationSection child, ConfigurationFindings findings)
    {
        if (!HasChildren(child))
        {
            SuggestName(child, OptionKeys.OfStore.Select(static key => key.Name), findings);
        }
        else if (child.GetChildren().Any(static rule => IdentityNames().Contains(rule.Key, StringComparer.OrdinalIgnoreCase)))
        {
            SuggestName(child, [OptionKeys.Identity], findings);
        }
    }

    private void SuggestName(IConfigurationSection child, IEnumerable<string> names, ConfigurationFindings findings)
    {
        if (NearestName.Of(child.Key, names) is { } nearest && !HasName(child, nearest))
        {
            findings.MisspeltKeys.Add($"{CallNames.Clean(_prefix + RelativeKey(child))} (did you mean {nearest}?)");
        }
    }

    private string Problem(IConfigurationSection child, string ruleAndRemedy)
    {
        string value = child.Value is { } text ? $"'{CallNames.Clean(text)}'" : "a section with keys of its own";
        return $"{_prefix}{RelativeKey(child)} is {value}, but must be {ruleAndRemedy}";
    }

    private string RelativeKey(IConfigurationSection child) => child.Path[_prefix.Length..];

    private static bool HasName(IConfigurationSection child, string name) => string.Equals(child.Key, name, StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> IdentityNames() =>
        OptionKeys.OfIdentity.Select(static key => key.Name).Concat(OptionKeys.IdentityLists.Select(static list => list.Name));
}
