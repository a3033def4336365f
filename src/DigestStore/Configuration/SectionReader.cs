using DigestStore.Telemetry;
using Microsoft.Extensions.Configuration;

namespace DigestStore.Configuration;

// Reads one section of configuration into options. What it cannot read it notes with the options and goes on, so that the switch is
// found whatever else is wrong.
internal sealed class SectionReader(IConfiguration section)
{
    private readonly string _prefix = section is IConfigurationSection { Path: { } path } ? path + ":" : "";

    // They only ever become true; two threads at once do no harm.
    private volatile bool _wasThere;
    private volatile bool _hadSwitch;
    private volatile bool _hadTable;
    private volatile bool _hadDigest;

    public IConfiguration Section => section;

    // Of several sections the last one that says something counts. Null: none says it, or it cannot be read.
    public static bool? Switch(IEnumerable<SectionReader> readers) => readers
        .Select(static reader => reader.Section[OptionKeys.Enabled])
        .LastOrDefault(static text => text is not null) is { } text && OptionKeys.TryFlag(text, out bool isOn) ? isOn : null;

    public void Read(DigestStoreOptions options)
    {
        ReadingFindings findings = options.Findings ??= new ReadingFindings();
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

        NoteLoss(found, findings);
    }

    private static bool HasChildren(IConfigurationSection child) => child.GetChildren().Any();

    private bool TryReadIdentity(DigestStoreOptions options, IConfigurationSection child, ReadingFindings findings)
    {
        if (!Is(child, OptionKeys.Identity))
        {
            return false;
        }

        // At the top level a variable of another program may have this name.
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

            Misspelt(rule, HasChildren(rule) ? OptionKeys.IdentityLists.Select(static list => list.Name) : IdentityNames(), findings);
        }

        return true;
    }

    private bool TryReadList(UrlIdentityOptions rules, IConfigurationSection child, ReadingFindings findings)
    {
        Func<UrlIdentityOptions, IList<string>>? list = Array.Find(OptionKeys.IdentityLists, known => Is(child, known.Name)).List;
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

            // A null is refused with the other rules, as one that was set in code is.
            list(rules).Add(entry.Value!);
        }

        return true;
    }

    private bool TrySet<T>(OptionKey<T>[] keys, T options, IConfigurationSection child, ReadingFindings findings)
    {
        if (Array.Find(keys, known => Is(child, known.Name)) is not { } key)
        {
            return false;
        }

        bool isSwitch = key.Name == OptionKeys.Enabled;
        bool isSet = child.Value is { } text && key.TrySet(options, text);
        if (isSet && isSwitch)
        {
            // Whatever an earlier section of the same store said.
            findings.IsSwitchUnknown = false;
        }
        else if (!isSet && (child.Value is not null || HasChildren(child)))
        {
            findings.Problems.Add(Problem(child, key.Rule + (isSwitch ? ". Correct it." : ". Correct it, or remove it for the default.")));
            findings.IsSwitchUnknown |= isSwitch;
        }

        // A null is no setting.
        return isSet || child.Value is not null || HasChildren(child);
    }

    // A section whose file was deleted or is half-written must not become a store that is on and writes to the table of the default.
    private void NoteLoss(HashSet<string> found, ReadingFindings findings)
    {
        if (found.Count == 0 && _wasThere)
        {
            string name = _prefix.Length > 0 ? $"section '{_prefix.TrimEnd(':')}'" : "of the digest store";
            findings.Problems.Add($"The configuration {name} is gone or empty. Restore it, or restart the application to go on with the defaults.");
            findings.IsSwitchUnknown = true;
            return;
        }

        _wasThere |= found.Count > 0;
        _hadSwitch = NoteLoss(OptionKeys.Enabled, "Write true or false.", _hadSwitch, found, findings);
        _hadTable = NoteLoss(nameof(DigestStoreOptions.TableName), SetAgain(DigestStoreDefaults.TableName), _hadTable, found, findings);
        _hadDigest = NoteLoss(nameof(DigestStoreOptions.DigestName), SetAgain(DigestStoreDefaults.DigestName), _hadDigest, found, findings);
    }

    private static string SetAgain(string defaultName) => $"Set it again, to '{defaultName}' for the default, or restart the application.";

    // The same for a part of the section that another source has keys of. These three say whether and where the store may write. A lost
    // switch may have been in the same file as a lost name.
    private bool NoteLoss(string name, string remedy, bool wasThere, HashSet<string> found, ReadingFindings findings)
    {
        bool isThere = found.Contains(name);
        if (wasThere && !isThere)
        {
            findings.Problems.Add($"{_prefix}{name} was set and no longer is. {remedy}");
            findings.IsSwitchUnknown |= !found.Contains(OptionKeys.Enabled);
        }

        return wasThere || isThere;
    }

    // A key with keys of its own may be a section that other code binds.
    private void NoteMisspelt(IConfigurationSection child, ReadingFindings findings)
    {
        if (!HasChildren(child))
        {
            Misspelt(child, OptionKeys.OfStore.Select(static key => key.Name), findings);
        }
        else if (child.GetChildren().Any(static rule => IdentityNames().Contains(rule.Key, StringComparer.OrdinalIgnoreCase)))
        {
            Misspelt(child, [OptionKeys.Identity], findings);
        }
    }

    private void Misspelt(IConfigurationSection child, IEnumerable<string> names, ReadingFindings findings)
    {
        if (NearestName.Of(child.Key, names) is { } nearest && !Is(child, nearest))
        {
            findings.Misspelt.Add($"{CallNames.Clean(_prefix + RelativeKey(child))} (did you mean {nearest}?)");
        }
    }

    private string Problem(IConfigurationSection child, string ruleAndRemedy)
    {
        string value = child.Value is { } text ? $"'{CallNames.Clean(text)}'" : "a section with keys of its own";
        return $"{_prefix}{RelativeKey(child)} is {value}, but must be {ruleAndRemedy}";
    }

    private string RelativeKey(IConfigurationSection child) => child.Path[_prefix.Length..];

    private static bool Is(IConfigurationSection child, string name) => string.Equals(child.Key, name, StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> IdentityNames() =>
        OptionKeys.OfIdentity.Select(static key => key.Name).Concat(OptionKeys.IdentityLists.Select(static list => list.Name));
}
