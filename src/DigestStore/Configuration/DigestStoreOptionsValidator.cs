using Microsoft.Extensions.Options;

namespace DigestStore.Configuration;

internal sealed class DigestStoreOptionsValidator : IValidateOptions<DigestStoreOptions>
{
    public ValidateOptionsResult Validate(string? name, DigestStoreOptions options) =>
        OptionRules.Problems(options) is { Count: > 0 } problems ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
}
