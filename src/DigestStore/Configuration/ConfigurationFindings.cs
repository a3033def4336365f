namespace DigestStore.Configuration;

// What was found while configuration was read into one options object, apart from the values that were set.
internal sealed class ConfigurationFindings
{
    public List<string> Problems { get; } = [];

    // Keys that are the name of no option, each with the option that was probably meant, as text for the log.
    public List<string> MisspeltKeys { get; } = [];

    // True when it is not known whether the store should be enabled: the value cannot be read, or the key was removed.
    public bool IsEnabledUnknown { get; set; }
}
