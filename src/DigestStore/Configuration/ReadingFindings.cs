namespace DigestStore.Configuration;

// What came of reading configuration into one object of options, beside the values that were set.
internal sealed class ReadingFindings
{
    public List<string> Problems { get; } = [];

    // Names that are no option's, each with the option that was probably meant.
    public List<string> Misspelt { get; } = [];

    // Nobody can say whether the store is meant to be on.
    public bool IsSwitchUnknown { get; set; }
}
