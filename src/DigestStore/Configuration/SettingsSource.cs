using DigestStore.Telemetry;
using Microsoft.Extensions.Options;

namespace DigestStore.Configuration;

// The settings in force: those of the newest valid options. A reload that is invalid is told once and changes nothing.
internal sealed class SettingsSource(Func<DigestStoreOptions> read, TimeProvider timeProvider, StoreLog log)
{
    private readonly Lock _gate = new();
    private DigestStoreOptions? _seen;
    private StoreSettings? _lastGood;
    private string? _toldProblem;

    // Null only when there never were valid options; then the problem says why.
    public StoreSettings? Current(out string problem)
    {
        lock (_gate)
        {
            problem = "";
            try
            {
                DigestStoreOptions options = read();
                if (_lastGood is not null && ReferenceEquals(options, _seen))
                {
                    return _lastGood;
                }

                problem = Problem(options);
                if (problem.Length == 0)
                {
                    (_seen, _lastGood, _toldProblem) = (options, StoreSettings.From(options, timeProvider), null);
                    return _lastGood;
                }
            }
            catch (Exception exception)
            {
                problem = Problem(exception);
            }

            if (!string.Equals(problem, _toldProblem, StringComparison.Ordinal))
            {
                _toldProblem = problem;
                log.InvalidOptions(problem, _lastGood is not null);
            }

            return _lastGood;
        }
    }

    public static string Problem(DigestStoreOptions options) => string.Join(" ", OptionRules.Problems(options));

    private static string Problem(Exception exception) => exception is OptionsValidationException invalid
        ? string.Join(" ", invalid.Failures)
        : $"The options could not be read: {exception.GetType().Name}. Check the configuration section '{DigestStoreDefaults.SectionName}' for a value of another type.";
}
