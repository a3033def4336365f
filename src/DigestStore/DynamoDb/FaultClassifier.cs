using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using DigestStore.Table;

namespace DigestStore.DynamoDb;

// By error code and status: the SDK's own Retryable is null for throttles and 500s.
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
            return NotConfigured(SdkEnvironment.IsCredentialsFile(cause) ? FaultKind.CredentialsRefused : FaultKind.Misconfigured, cause);
        }

        if (CredentialFaults.Is(exception))
        {
            // A network that fails on the way to the credentials may come back, as one on the way to the table may. A missing file does not.
            bool isPassing = KindOf(exception) is FaultKind.Unreachable or FaultKind.Unavailable or FaultKind.TimedOut && exception.GetBaseException() is not (FileNotFoundException or DirectoryNotFoundException);
            return new TableFault(FaultKind.CredentialsRefused, exception.GetType().Name) { NotSent = true, IsPassing = isPassing };
        }

        if (Attempt.Current is { IsBeforeSending: true } && KindOf(exception) is not (FaultKind.Disposed or FaultKind.TimedOut))
        {
            // What the SDK does before it sends goes by its settings, of the endpoint above all.
            return NotConfigured(FaultKind.Misconfigured, exception);
        }

        if (exception is AmazonServiceException service)
        {
            // Whoever answers chooses the code, and it goes into logs and results: one that is not known here could be anything.
            string code = ByCode(service) is null ? service.GetType().Name : service.ErrorCode;
            return new TableFault(KindOf(service), code, (int)service.StatusCode, RequestIds.Known(service.RequestId));
        }

        return new TableFault(KindOf(exception), exception.GetType().Name) { NotSent = IsRefusedByDisposed(exception) || exception.GetBaseException() is UriFormatException };
    }

    private static TableFault NotConfigured(FaultKind kind, Exception cause) =>
        new(kind, cause.GetBaseException().GetType().Name) { NotSent = true, Detail = SdkEnvironment.Problem(cause) };

    // They look at this first. Whatever else is disposed may have been in use for a request that is under way.
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
            // No answer at all: the cause is below the service.
            return KindOf(service.InnerException ?? service);
        }

        return byCode ?? service.StatusCode switch
        {
            HttpStatusCode.TooManyRequests => FaultKind.Throttled,
            HttpStatusCode.RequestTimeout => FaultKind.Unavailable,
            HttpStatusCode.RequestEntityTooLarge => FaultKind.TooLarge,
            >= HttpStatusCode.InternalServerError => FaultKind.Unavailable,

            // Success in words only, or a redirect, which is never followed: no answer of DynamoDB's.
            < HttpStatusCode.BadRequest => FaultKind.InvalidResponse,
            _ => FaultKind.Unexpected,
        };
    }

    // DynamoDB has no code of its own for this; the text is only looked at, never kept.
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
                    // Of an endpoint, such as that of AWS_ENDPOINT_URL, before anything is sent.
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
