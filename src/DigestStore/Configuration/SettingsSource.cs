using DigestStore.Telemetry;
using Microsoft.Extensions.Options;

namespace DigestStore.Configuration;

// The settings that a new call uses: the latest valid options with the latest known value of Enabled. An invalid reload is logged once and
// changes nothing but Enabled, because Enabled is meant for emergencies and must work whatever else is wrong.
internal sealed class SettingsSource(Func<DigestStoreOptions> read, StoreLog log, SettingsHistory? shared = null)
{
    private readonly SettingsHistory _history = shared ?? new SettingsHistory(log);
    private readonly Lock _lock = new();

    // The options that were read last, or null if they were invalid. As long as the same object is read, _current stays as it is.
    private DigestStoreOptions? _accepted;

    // The last valid options, and the settings that were made from them.
    private DigestStoreOptions? _lastValidOptions;
    private StoreSettings? _lastValidSettings;

    // The result of the last call of Current.
    private StoreSettings? _current;

    // Null means that no options have been valid so far, and that the store is not known to be switched off. "problem" then says what is
    // wrong.
    public StoreSettings? Current(out string problem)
    {
        lock (_lock)
        {
            bool? isEnabled;
            try
            {
                DigestStoreOptions options = read();
                if (ReferenceEquals(options, _accepted))
                {
                    problem = "";
                    return _current;
                }

                problem = string.Join(' ', _history.Validate(options));
                if (problem.Length == 0)
                {
                    _history.RememberValid(options);
                    (_accepted, _lastValidOptions) = (options, _history.LastValid);
                    return _current = _lastValidSettings = StoreSettings.From(options);
                }

                isEnabled = options.KnownEnabled;
            }
            catch (Exception exception)
            {
                problem = Problem(exception);
                isEnabled = _history.EnabledAfter(exception);
                _history.LogProblem(problem, isEnabled);
            }

            _accepted = null;
            return _current = LastValidSettings(isEnabled ?? _history.LastKnownEnabled ?? true);
        }
    }

    public static string Problem(DigestStoreOptions options) => string.Join(' ', OptionRules.Problems(options));

    private static string Problem(Exception exception) => exception is OptionsValidationException invalid
        ? string.Join(' ', invalid.Failures)
        : $"The options could not be made: code of the application that sets or validates {nameof(DigestStoreOptions)} threw {exception.GetType().Name}. Correct that code.";

    private StoreSettings? LastValidSettings(bool isEnabled)
    {
        // Other valid options may have been loaded and replaced since the last call, or before the first one.
        if (_history.LastValid is { } valid && !ReferenceEquals(valid, _lastValidOptions))
        {
            (_lastValidOptions, _lastValidSettings, _current) = (valid, StoreSettings.From(valid), null);
        }

        if (_lastValidSettings is null && isEnabled)
        {
            return null;
        }

        if (_current is { } known && known.Options.Enabled == isEnabled && known.IsFallback == (_lastValidSettings is null))
        {
            return known;
        }

        return _lastValidSettings?.WithEnabled(isEnabled) ?? StoreSettings.Fallback(isEnabled, _history.WritesDeadLettersWhenDisabled ? DisabledItems.DeadLetter : DisabledItems.Drop);
    }
}
