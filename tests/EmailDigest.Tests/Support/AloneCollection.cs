namespace EmailDigest.Tests.Support;

/// <summary>Tests with bounds in real time, which other tests of this project must not slow down.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
