using Microsoft.Extensions.Options;

namespace DigestStore.Hosting;

// Wraps the framework's factory to learn when options have passed every validator, those of the application included. Only then may they be
// remembered as the last valid ones, and the framework reports it to nobody.
internal sealed class DigestStoreOptionsFactory(
    IEnumerable<IConfigureOptions<DigestStoreOptions>> setups,
    IEnumerable<IPostConfigureOptions<DigestStoreOptions>> postConfigures,
    IEnumerable<IValidateOptions<DigestStoreOptions>> validators,
    SettingsHistories histories) : IOptionsFactory<DigestStoreOptions>
{
    private readonly OptionsFactory<DigestStoreOptions> _inner = new(setups, postConfigures, validators);

    public DigestStoreOptions Create(string name)
    {
        DigestStoreOptions options = _inner.Create(name);
        histories.Of(name).RememberValid(options);
        return options;
    }
}
