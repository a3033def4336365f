using Microsoft.Extensions.Options;

namespace DigestStore.Hosting;

internal sealed class DigestStoreOptionsValidator(SettingsHistories histories) : IValidateOptions<DigestStoreOptions>
{
    public ValidateOptionsResult Validate(string? name, DigestStoreOptions options)
    {
        IReadOnlyList<string> problems = histories.Of(name ?? "").Validate(options);

        // While the store is switched off, invalid options are only logged. After an emergency in which the store was switched off, the
        // application must still be able to start.
        return problems.Count == 0 || options.KnownEnabled == false ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
