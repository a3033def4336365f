namespace DigestStore.DynamoDb;

// Whatever the SDK throws while a client is made: it is about settings, and nothing has been sent.
internal sealed class ClientNotMadeException(Exception cause) : Exception("The DynamoDB client cannot be made.", cause);
