using Microsoft.Extensions.Options;

namespace DigestStore.Hosting;

internal sealed class DigestStoreOptionsValidator(SettingsHistories histories) : IValidateOptions<DigestStoreOptions>
{
    public ValidateOptionsResult Validate(string? name, DigestStoreOptions options)
    {
        IReadOnlyList<string> problems = histories.Of(name ?? "").Judge(options);

        // A store that is switched off needs no valid options: an emergency must not keep the host from starting. They are told all the same.
        return problems.Count == 0 || options.IsOn == false ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
