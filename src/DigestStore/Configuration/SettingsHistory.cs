using DigestStore.Telemetry;
using Microsoft.Extensions.Options;

namespace DigestStore.Configuration;

// Remembers the last valid options of one store, the last known value of Enabled, and what was last logged about the options. The validator
// and the repository share it: the validator sees every options object when it is created, the repository only those that are current at a
// call, and there may be several reloads between two calls.
internal sealed class SettingsHistory(StoreLog log, Func<bool?>? configuredEnabled = null)
{
    private readonly Lock _lock = new();
    private DigestStoreOptions? _latest;
    private string? _lastLoggedProblem;
    private string? _lastLoggedKeys;

    // Null means that no options have been valid so far.
    public DigestStoreOptions? LastValid { get; private set; }

    // The value of Enabled in the latest options in which it could be read. Null means that there have been none.
    public bool? LastKnownEnabled { get; private set; }

    public bool WritesDeadLettersWhenDisabled => _latest?.WhenDisabled == DisabledItems.DeadLetter;

    // Returns the problems of the options, and logs them unless the same text was the last one that was logged.
    public IReadOnlyList<string> Validate(DigestStoreOptions options)
    {
        List<string> problems = OptionRules.Problems(options);
        lock (_lock)
        {
            _latest = options;
            LastKnownEnabled = options.KnownEnabled ?? LastKnownEnabled;
        }

        if (problems.Count > 0)
        {
            LogProblem(string.Join(' ', problems), options.KnownEnabled);
        }

        LogMisspeltKeys(options.Findings);
        return problems;
    }

    // Remembers options that have passed every validator, those of the application included. They are checked again here, because our own
    // validator lets invalid options pass while the store is switched off.
    public void RememberValid(DigestStoreOptions options)
    {
        if (OptionRules.Problems(options).Count > 0)
        {
            return;
        }

        lock (_lock)
        {
            LastValid = options.Copy();

            // Valid options reset this, so that the same problem is logged again when it returns.
            _lastLoggedProblem = null;
        }
    }

    // Finds out whether the store should be enabled although its options could not be created. Null means that it is not known.
    public bool? EnabledAfter(Exception failure)
    {
        // A validator has refused the latest options. Their value of Enabled counts all the same, even if the validator is the application's.
        DigestStoreOptions? refused = failure is OptionsValidationException ? _latest : null;
        bool? isEnabled = refused is null ? configuredEnabled?.Invoke() : refused.KnownEnabled;
        lock (_lock)
        {
            LastKnownEnabled = isEnabled ?? LastKnownEnabled;
        }

        return isEnabled;
    }

    public void LogProblem(string problem, bool? isEnabled)
    {
        string text = isEnabled == false ? problem + " The store is switched off all the same." : problem;
        lock (_lock)
        {
            if (string.Equals(text, _lastLoggedProblem, StringComparison.Ordinal))
            {
                return;
            }

            _lastLoggedProblem = text;
        }

        log.InvalidOptions(text, LastValid is not null);
    }

    private void LogMisspeltKeys(ConfigurationFindings? findings)
    {
        string keys = findings is null ? "" : string.Join(", ", findings.MisspeltKeys);
        lock (_lock)
        {
            if (string.Equals(keys, _lastLoggedKeys ?? "", StringComparison.Ordinal))
            {
                return;
            }

            _lastLoggedKeys = keys;
        }

        if (keys.Length > 0)
        {
            log.MisspeltKeys(keys);
        }
    }
}
