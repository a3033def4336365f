namespace EmailDigest;

/// <summary>A DynamoDB in trouble, as the repository in memory plays it.</summary>
internal enum Fault
{
    Throttled,
    Flaky,
    Down,
}
