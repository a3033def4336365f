using Microsoft.Extensions.Options;

namespace DigestStore.Hosting;

internal sealed class DigestStoreOptionsValidator(SettingsHistories histories) : IValidateOptions<DigestStoreOptions>
{
    public ValidateOptionsResult Validate(string? name, DigestStoreOptions options)
    {
        IReadOnlyList<string> problems = histories.Of(name ?? "").Validate(options);

        // Invalid options are accepted, and only logged, while the store is switched off: they must not keep an application from starting that
        // has switched the store off in an emergency.
        return problems.Count == 0 || options.KnownEnabled == false ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
