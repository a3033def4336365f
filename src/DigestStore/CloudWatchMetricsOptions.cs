namespace DigestStore;

/// <summary>Settings of <see cref="CloudWatchMetrics"/>.</summary>
public sealed class CloudWatchMetricsOptions
{
    /// <summary>The CloudWatch namespace that the metrics appear in.</summary>
    /// <value>Default <c>DigestStore</c>. 1 to 255 letters, digits, spaces or <c>. - _ / # :</c>; not beginning with <c>:</c> or <c>AWS/</c>.</value>
    public string Namespace { get; set; } = "DigestStore";

    /// <summary>The time between two writes; nothing is written for an interval without any measurement.</summary>
    /// <value>Default 60 seconds. 1 s to 1 h.</value>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Where the lines go, one call of <see cref="TextWriter.WriteLine(string)"/> for each; the writer is never disposed.</summary>
    /// <value>
    /// Default <see langword="null"/>: the standard output of the process, but not through <see cref="Console.Out"/>, because on Lambda that puts
    /// a time stamp before every line.
    /// </value>
    public TextWriter? Writer { get; set; }

    /// <summary>Dimensions that every metric gets, such as <c>Service</c> and <c>Environment</c>; an alarm has to name them all.</summary>
    /// <value>
    /// Default none. At most 10. Names are 1 to 250 and values 1 to 1,024 printable ASCII characters; a name neither begins with
    /// <c>:</c> nor is one of the store's own tags.
    /// </value>
    public IDictionary<string, string> Dimensions { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The resolution in seconds at which CloudWatch keeps the metrics; 1 costs more.</summary>
    /// <value>Default 60. 60 or 1.</value>
    public int StorageResolution { get; set; } = 60;
}
