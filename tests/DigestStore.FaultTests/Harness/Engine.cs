using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

/// <summary>A real DynamoDB engine.</summary>
public enum Engine
{
    DynamoDbLocal,
    Dynalite,
}

internal static class EngineExtensions
{
    public static Uri Uri(this Engine engine) => engine == Engine.DynamoDbLocal ? Engines.DynamoDbLocal : Engines.Dynalite;
}
