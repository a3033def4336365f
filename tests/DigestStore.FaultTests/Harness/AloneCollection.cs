namespace DigestStore.FaultTests;

/// <summary>Tests that block pool threads, or look at what belongs to the whole process: none runs beside another.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "Alone";
}
