using DigestStore.Identity;
using DigestStore.Records;

namespace DigestStore.Configuration;

// What one call works with from its first step to its last: a copy of valid options and what is derived from them.
internal sealed class StoreSettings(DigestStoreOptions options)
{
    public DigestStoreOptions Options { get; } = options;

    // These stand in for options that never were valid. Nobody knows the table then.
    public bool IsFallback { get; private init; }

    public IdentityRuleSet Identity { get; } = new(options.Identity);

    public Partition PartitionOf(DateOnly date) => new(Options.TableName, Options.DigestName, date);

    public DateTimeOffset? ExpiryOf(DateTimeOffset firstStored)
    {
        if (Options.Retention is not { } retention)
        {
            return null;
        }

        return retention < DateTimeOffset.MaxValue - firstStored ? firstStored + retention : null;
    }

    public static StoreSettings From(DigestStoreOptions options) => new(options.Copy());

    public static StoreSettings Fallback(bool isOn = true, DisabledItems whenDisabled = DisabledItems.Drop) =>
        new(new DigestStoreOptions { Enabled = isOn, WhenDisabled = whenDisabled }) { IsFallback = true };

    public StoreSettings Switched(bool isOn)
    {
        if (Options.Enabled == isOn)
        {
            return this;
        }

        DigestStoreOptions copy = Options.Copy();
        copy.Enabled = isOn;
        return new StoreSettings(copy);
    }
}
