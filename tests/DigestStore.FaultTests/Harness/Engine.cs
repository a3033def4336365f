namespace DigestStore.FaultTests;

public enum Engine
{
    DynamoDbLocal,
    Dynalite,
}
