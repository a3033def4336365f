using DigestStore.Identity;
using DigestStore.Records;

namespace DigestStore.Configuration;

// The settings of one call: a copy of valid options, and what is derived from them. They do not change while the call runs.
internal sealed class StoreSettings(DigestStoreOptions options)
{
    public DigestStoreOptions Options { get; } = options;

    // True for the defaults that are used while no options have been valid. No request may be made then, because the table is not known.
    public bool IsFallback { get; private init; }

    public IdentityRuleSet Identity { get; } = new(options.Identity);

    public Partition PartitionOf(DateOnly date) => new(Options.TableName, Options.DigestName, date);

    public DayRange DaysOf(DateOnly from, DateOnly to) => new(Options.TableName, Options.DigestName, from, to);

    public DateTimeOffset? ExpiryOf(DateTimeOffset firstStored)
    {
        if (Options.Retention is not { } retention)
        {
            return null;
        }

        return retention < DateTimeOffset.MaxValue - firstStored ? firstStored + retention : null;
    }

    public static StoreSettings From(DigestStoreOptions options) => new(options.Copy());

    public static StoreSettings Fallback(bool isEnabled = true, DisabledItems whenDisabled = DisabledItems.Drop) =>
        new(new DigestStoreOptions { Enabled = isEnabled, WhenDisabled = whenDisabled }) { IsFallback = true };

    public StoreSettings WithEnabled(bool isEnabled)
    {
        if (Options.Enabled == isEnabled)
        {
            return this;
        }

        DigestStoreOptions copy = Options.Copy();
        copy.Enabled = isEnabled;
        return new StoreSettings(copy);
    }
}
