using DigestStore.Telemetry;
using Microsoft.Extensions.Options;

namespace DigestStore.Configuration;

// What is known of one store's options beyond the newest ones, and what has been told of them. Shared by the validator, which sees every
// object of options when it is made, and by the repository, which sees only those of its calls: there may be reloads between two calls.
internal sealed class SettingsHistory(StoreLog log, Func<bool?>? configuredSwitch = null)
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

    // What is wrong with the options, each with value, rule and remedy; told unless it was the last thing told.
    public IReadOnlyList<string> Judge(DigestStoreOptions options)
    {
        List<string> problems = OptionRules.Problems(options);
        lock (_gate)
        {
            _newest = options;
            LastSwitch = options.IsOn ?? LastSwitch;
        }

        if (problems.Count > 0)
        {
            Tell(string.Join(' ', problems), options.IsOn);
        }

        TellMisspelt(options.Findings);
        return problems;
    }

    // Options that no rule has refused, the host's own among them. Invalid ones pass all the same while the store is switched off.
    public void Accept(DigestStoreOptions options)
    {
        if (OptionRules.Problems(options).Count > 0)
        {
            return;
        }

        lock (_gate)
        {
            LastValid = options.Copy();

            // The same problem is told again when it comes back.
            _toldProblem = null;
        }
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
