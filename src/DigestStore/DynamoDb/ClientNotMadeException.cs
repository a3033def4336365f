namespace DigestStore.DynamoDb;

// Wraps any exception that the SDK throws while a client is created, so that it is classified as a fault of the settings, before any
// request was sent.
internal sealed class ClientNotMadeException(Exception cause) : Exception("The DynamoDB client cannot be made.", cause);
