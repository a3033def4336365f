using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using DigestStore.Table;

namespace DigestStore.DynamoDb;

// Turns an exception into a fault by its error code and HTTP status. The SDK's own property Retryable cannot be used, because it is null for
// throttled requests and for status 500.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
internal static class FaultClassifier
{
    public static TableFault Classify(Exception exception)
    {
        if (exception is ConditionalCheckFailedException)
        {
            return new TableFault(FaultKind.ConditionFailed, nameof(ConditionalCheckFailedException), (int)HttpStatusCode.BadRequest);
        }

        if (exception is ClientNotMadeException { InnerException: { } cause })
        {
            return NotConfigured(SdkEnvironment.IsAboutCredentialsFile(cause) ? FaultKind.CredentialsRefused : FaultKind.Misconfigured, cause);
        }

        if (CredentialFaults.Is(exception))
        {
            // A network fault on the way to the credentials is worth a retry, as one on the way to the table is. A missing file is not.
            bool isTemporary = KindOf(exception) is FaultKind.Unreachable or FaultKind.Unavailable or FaultKind.TimedOut && exception.GetBaseException() is not (FileNotFoundException or DirectoryNotFoundException);
            return new TableFault(FaultKind.CredentialsRefused, exception.GetType().Name) { NotSent = true, IsTemporary = isTemporary };
        }

        if (SdkCall.Current is { IsBeforeSending: true } && KindOf(exception) is not (FaultKind.Disposed or FaultKind.TimedOut))
        {
            // Before it sends, the SDK only evaluates its settings, above all that of the endpoint.
            return NotConfigured(FaultKind.Misconfigured, exception);
        }

        if (exception is AmazonServiceException service)
        {
            // The code goes into logs and results, but the server chooses it. An unknown code could hold any text, so the exception's type is
            // used in its place.
            string code = ByCode(service) is null ? service.GetType().Name : service.ErrorCode;
            return new TableFault(KindOf(service), code, (int)service.StatusCode, RequestIds.Known(service.RequestId));
        }

        return new TableFault(KindOf(exception), exception.GetType().Name) { NotSent = IsRefusedByDisposed(exception) || exception.GetBaseException() is UriFormatException };
    }

    private static TableFault NotConfigured(FaultKind kind, Exception cause) =>
        new(kind, cause.GetBaseException().GetType().Name) { NotSent = true, Detail = SdkEnvironment.DescribeProblem(cause) };

    // These two clients check for disposal before they send. If another object was disposed, the request may already have been sent.
    private static bool IsRefusedByDisposed(Exception exception) =>
        exception is ObjectDisposedException { ObjectName: var name } &&
        (string.Equals(name, typeof(AmazonDynamoDBClient).FullName, StringComparison.Ordinal) || string.Equals(name, typeof(HttpClient).FullName, StringComparison.Ordinal));

    private static FaultKind? ByCode(AmazonServiceException service) => service.ErrorCode switch
    {
        "ProvisionedThroughputExceededException" or "ProvisionedThroughputExceeded" or "ThrottlingException" or "Throttling" or
        "ThrottledException" or "RequestThrottled" or "RequestThrottledException" or "TooManyRequestsException" or "SlowDown" or
        "RequestLimitExceeded" or "LimitExceededException" or "BandwidthLimitExceeded" or "RequestThrottlingException" or "PriorRequestNotComplete" => FaultKind.Throttled,
        "TransactionInProgressException" or "ReplicatedWriteConflictException" or "TransactionConflictException" or
        "RequestTimeout" or "RequestTimeoutException" or "InternalServerError" or "ServiceUnavailable" => FaultKind.Unavailable,
        "RequestTimeTooSkewed" or "RequestExpired" or "RequestInTheFuture" => FaultKind.ClockSkew,
        "InvalidSignatureException" or "SignatureDoesNotMatch" when IsAboutTheClock(service) => FaultKind.ClockSkew,
        "AccessDeniedException" or "AccessDenied" or "UnauthorizedOperation" or "NotAuthorized" or
        "KMSAccessDeniedException" or "KMSDisabledException" or "KMSInvalidStateException" or "KMSNotFoundException" or
        "InaccessibleEncryptionCredentialsException" => FaultKind.AccessDenied,
        "UnrecognizedClientException" or "MissingAuthenticationToken" or "MissingAuthenticationTokenException" or "ExpiredToken" or
        "ExpiredTokenException" or "InvalidClientTokenId" or "InvalidSignatureException" or "SignatureDoesNotMatch" or
        "IncompleteSignature" or "IncompleteSignatureException" or "InvalidAccessKeyId" or "AuthFailure" => FaultKind.CredentialsRefused,
        "ResourceNotFoundException" or "TableNotFoundException" or "ResourceInUseException" => FaultKind.TableNotFound,
        "ValidationException" or "ItemCollectionSizeLimitExceededException" or "SerializationException" => FaultKind.Invalid,
        "RequestEntityTooLarge" or "RequestEntityTooLargeException" => FaultKind.TooLarge,
        _ => null,
    };

    private static FaultKind KindOf(AmazonServiceException service)
    {
        FaultKind? byCode = ByCode(service);
        if (byCode is null && service.StatusCode == default)
        {
            // There was no response, so the inner exception tells the cause.
            return KindOf(service.InnerException ?? service);
        }

        return byCode ?? service.StatusCode switch
        {
            HttpStatusCode.TooManyRequests => FaultKind.Throttled,
            HttpStatusCode.RequestTimeout => FaultKind.Unavailable,
            HttpStatusCode.RequestEntityTooLarge => FaultKind.TooLarge,
            >= HttpStatusCode.InternalServerError => FaultKind.Unavailable,

            // The status is below 400: either the SDK could not read a response with a status of success, or the response is a redirect, which
            // is never followed. DynamoDB sends neither.
            < HttpStatusCode.BadRequest => FaultKind.InvalidResponse,
            _ => FaultKind.Unexpected,
        };
    }

    // DynamoDB has no error code of its own for a wrong clock. The message is only searched and never kept, since it may hold data of the
    // request.
    private static bool IsAboutTheClock(AmazonServiceException service) =>
        service.Message.Contains("Signature expired", StringComparison.OrdinalIgnoreCase) ||
        service.Message.Contains("Signature not yet current", StringComparison.OrdinalIgnoreCase);

    private static FaultKind KindOf(Exception exception)
    {
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case ObjectDisposedException:
                    return FaultKind.Disposed;
                case UriFormatException:
                    // The URL of the endpoint, for example that of AWS_ENDPOINT_URL, is not valid. Nothing was sent.
                    return FaultKind.Misconfigured;
                case AmazonUnmarshallingException or System.Text.Json.JsonException or InvalidDataException:
                    return FaultKind.InvalidResponse;
                case HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError }:
                    return FaultKind.Unreachable;
                case HttpRequestException or IOException or SocketException or AuthenticationException or WebException:
                    return FaultKind.Unavailable;
                case TimeoutException or OperationCanceledException:
                    return FaultKind.TimedOut;
            }
        }

        return exception is AmazonClientException ? FaultKind.Misconfigured : FaultKind.Internal;
    }
}
