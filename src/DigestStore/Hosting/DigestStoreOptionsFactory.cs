using Microsoft.Extensions.Options;

namespace DigestStore.Hosting;

// The framework's own factory, which tells nobody that options have passed all rules, the host's too. They are the last valid ones then.
internal sealed class DigestStoreOptionsFactory(
    IEnumerable<IConfigureOptions<DigestStoreOptions>> setups,
    IEnumerable<IPostConfigureOptions<DigestStoreOptions>> lateSetups,
    IEnumerable<IValidateOptions<DigestStoreOptions>> rules,
    SettingsHistories histories) : IOptionsFactory<DigestStoreOptions>
{
    private readonly OptionsFactory<DigestStoreOptions> _inner = new(setups, lateSetups, rules);

    public DigestStoreOptions Create(string name)
    {
        DigestStoreOptions options = _inner.Create(name);
        histories.Of(name).Accept(options);
        return options;
    }
}
