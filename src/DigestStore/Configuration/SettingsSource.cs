using DigestStore.Telemetry;
using Microsoft.Extensions.Options;

namespace DigestStore.Configuration;

// The settings in force: those of the newest valid options, with the newest switch. A reload that is invalid is told once and changes
// nothing but the switch, which is for emergencies and must not depend on anything else being right.
internal sealed class SettingsSource(Func<DigestStoreOptions> read, StoreLog log, SettingsHistory? shared = null)
{
    private readonly SettingsHistory _history = shared ?? new SettingsHistory(log);
    private readonly Lock _gate = new();
    private DigestStoreOptions? _accepted;
    private DigestStoreOptions? _lastValid;
    private StoreSettings? _lastGood;
    private StoreSettings? _inForce;

    // Null only when there never were valid options and the store is not known to be off; then the problem says why.
    public StoreSettings? Current(out string problem)
    {
        lock (_gate)
        {
            bool? isOn;
            try
            {
                DigestStoreOptions options = read();
                if (ReferenceEquals(options, _accepted))
                {
                    problem = "";
                    return _inForce;
                }

                problem = string.Join(' ', _history.Judge(options));
                if (problem.Length == 0)
                {
                    _history.Accept(options);
                    (_accepted, _lastValid) = (options, _history.LastValid);
                    return _inForce = _lastGood = StoreSettings.From(options);
                }

                isOn = options.IsOn;
            }
            catch (Exception exception)
            {
                problem = Problem(exception);
                isOn = _history.SwitchIn(exception);
                _history.Tell(problem, isOn);
            }

            _accepted = null;
            return _inForce = LastGoodSwitched(isOn ?? _history.LastSwitch ?? true);
        }
    }

    public static string Problem(DigestStoreOptions options) => string.Join(' ', OptionRules.Problems(options));

    private static string Problem(Exception exception) => exception is OptionsValidationException invalid
        ? string.Join(' ', invalid.Failures)
        : $"The options could not be made: code of the application that sets or validates {nameof(DigestStoreOptions)} threw {exception.GetType().Name}. Correct that code.";

    private StoreSettings? LastGoodSwitched(bool isOn)
    {
        // There may have been valid ones since the last call, or before the first.
        if (_history.LastValid is { } valid && !ReferenceEquals(valid, _lastValid))
        {
            (_lastValid, _lastGood, _inForce) = (valid, StoreSettings.From(valid), null);
        }

        if (_lastGood is null && isOn)
        {
            return null;
        }

        if (_inForce is { } known && known.Options.Enabled == isOn && known.IsFallback == (_lastGood is null))
        {
            return known;
        }

        return _lastGood?.Switched(isOn) ?? StoreSettings.Fallback(isOn, _history.IsForLetters ? DisabledItems.DeadLetter : DisabledItems.Drop);
    }
}
