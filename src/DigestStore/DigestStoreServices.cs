using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace DigestStore;

/// <summary>The services that a repository uses beside its table, all of them optional, for a repository that is made without a container.</summary>
/// <remarks>A container hands over those that are registered in it, so nothing has to be set there. No service is disposed of by the repository.</remarks>
public sealed record DigestStoreServices
{
    /// <summary>Where to log.</summary>
    /// <value>Default <see langword="null"/>: nowhere.</value>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>The clock, for time stamps, deadlines and back-off.</summary>
    /// <value>Default <see langword="null"/>: the system's.</value>
    public TimeProvider? TimeProvider { get; init; }

    /// <summary>Takes the items that could not be stored.</summary>
    /// <value>Default <see langword="null"/>: nothing keeps them.</value>
    public IDeadLetterSink? DeadLetters { get; init; }

    /// <summary>Makes the meter <c>DigestStore</c>.</summary>
    /// <value>Default <see langword="null"/>: a meter that all repositories of the process without a factory of their own share.</value>
    public IMeterFactory? MeterFactory { get; init; }
}
