namespace DigestStore.FaultTests;

/// <summary>Names the row of the fault matrix that a test proves; <c>docs/faults.md</c> is made from these.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class FaultRowAttribute(int row, string fault, string promise) : Attribute
{
    public int Row { get; } = row;

    /// <summary>What goes wrong.</summary>
    public string Fault { get; } = fault;

    /// <summary>What the library does about it.</summary>
    public string Promise { get; } = promise;
}
