namespace DigestStore.Benchmarks.Startup;

/// <summary>How a program is compiled.</summary>
internal enum StartForm
{
    /// <summary>All but the framework just in time.</summary>
    JustInTime,

    /// <summary>Ahead of time, except what crosses assemblies.</summary>
    ReadyToRun,

    /// <summary>One native program without the just-in-time compiler.</summary>
    NativeAot,
}
