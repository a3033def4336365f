using DigestStore.Telemetry;
using Microsoft.Extensions.Options;

namespace DigestStore.Configuration;

// What is known of one store's options beyond the newest ones, and what has been told of them. Shared by the validator, which sees every
// object of options when it is made, and by the repository, which sees only those of its calls: there may be reloads between two calls.
internal sealed class SettingsJournal(StoreLog log, Func<bool?>? configuredSwitch = null)
{
    private readonly Lock _gate = new();
    private DigestStoreOptions? _newest;
    private string? _toldProblem;
    private string? _toldKeys;

    // Null: none were valid yet.
    public DigestStoreOptions? LastValid { get; private set; }

    // What the newest options said that said anything about it. Null: none did yet.
    public bool? LastSwitch { get; private set; }

    public bool IsForLetters => _newest?.WhenDisabled == DisabledItems.DeadLetter;

    // What is wrong with the options, each with value, rule and remedy; told unless it was the last thing told. Options that the host's
    // own rules refuse are not valid, and those rules tell why themselves.
    public IReadOnlyList<string> Judge(DigestStoreOptions options, Func<bool>? isRefusedByHost = null)
    {
        List<string> problems = OptionRules.Problems(options);
        bool isValid = problems.Count == 0 && isRefusedByHost?.Invoke() != true;
        lock (_gate)
        {
            _newest = options;
            LastSwitch = options.IsOn ?? LastSwitch;
            if (isValid)
            {
                LastValid = options.Copy();

                // The same problem is told again when it comes back.
                _toldProblem = null;
            }
        }

        if (problems.Count > 0)
        {
            Tell(string.Join(' ', problems), options.IsOn);
        }

        TellMisspelt(options.Findings);
        return problems;
    }

    // Whether the store is to be on, though its options could not be made. Null: nobody can say.
    public bool? SwitchIn(Exception failure)
    {
        // Whatever the host's own rules say, these were the options.
        DigestStoreOptions? refused = failure is OptionsValidationException ? _newest : null;
        bool? isOn = refused is null ? configuredSwitch?.Invoke() : refused.IsOn;
        lock (_gate)
        {
            LastSwitch = isOn ?? LastSwitch;
        }

        return isOn;
    }

    public void Tell(string problem, bool? isOn)
    {
        string text = isOn == false ? problem + " The store is switched off all the same." : problem;
        lock (_gate)
        {
            if (string.Equals(text, _toldProblem, StringComparison.Ordinal))
            {
                return;
            }

            _toldProblem = text;
        }

        log.InvalidOptions(text, LastValid is not null);
    }

    private void TellMisspelt(ReadingFindings? findings)
    {
        string keys = findings is null ? "" : string.Join(", ", findings.Misspelt);
        lock (_gate)
        {
            if (string.Equals(keys, _toldKeys ?? "", StringComparison.Ordinal))
            {
                return;
            }

            _toldKeys = keys;
        }

        if (keys.Length > 0)
        {
            log.MisspeltKeys(keys);
        }
    }
}
