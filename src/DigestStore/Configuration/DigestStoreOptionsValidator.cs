using Microsoft.Extensions.Options;

namespace DigestStore.Configuration;

[OptionsValidator]
internal sealed partial class DigestStoreOptionsValidator : IValidateOptions<DigestStoreOptions>;

internal sealed class DigestStoreOptionsCrossValidator : IValidateOptions<DigestStoreOptions>
{
    public ValidateOptionsResult Validate(string? name, DigestStoreOptions options)
    {
        if (options.MaxRetryDelay < options.RetryDelay || options.MaxRetryDelay < options.ThrottleDelay)
        {
            return ValidateOptionsResult.Fail(
                $"{nameof(DigestStoreOptions)}.{nameof(DigestStoreOptions.MaxRetryDelay)} is '{options.MaxRetryDelay}', but must not be below " +
                $"{nameof(DigestStoreOptions.RetryDelay)} ('{options.RetryDelay}') or {nameof(DigestStoreOptions.ThrottleDelay)} ('{options.ThrottleDelay}'). Raise it, or lower those.");
        }

        return ValidateOptionsResult.Success;
    }
}
