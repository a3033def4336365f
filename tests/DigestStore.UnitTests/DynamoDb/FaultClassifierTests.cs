using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using DigestStore.Doctor;
using DigestStore.DynamoDb;
using DigestStore.Table;

namespace DigestStore.UnitTests.DynamoDb;

public sealed class FaultClassifierTests
{
    private const string RequestId = "5JU3R1LE8QK2EXAMPLEEXAMPLEVV4KQNSO5AEMVJF66Q9ASUAAJG";

    [Theory]
    [InlineData("ProvisionedThroughputExceededException", 400, "Throttled")]
    [InlineData("ThrottlingException", 400, "Throttled")]
    [InlineData("Throttling", 400, "Throttled")]
    [InlineData("RequestLimitExceeded", 400, "Throttled")]
    [InlineData("TooManyRequestsException", 429, "Throttled")]
    [InlineData("SlowDown", 503, "Throttled")]
    [InlineData("InternalServerError", 500, "Unavailable")]
    [InlineData("ServiceUnavailable", 503, "Unavailable")]
    [InlineData("RequestTimeout", 408, "Unavailable")]
    [InlineData("TransactionInProgressException", 400, "Unavailable")]
    [InlineData("ReplicatedWriteConflictException", 400, "Unavailable")]
    [InlineData("RequestTimeTooSkewed", 403, "ClockSkew")]
    [InlineData("RequestExpired", 400, "ClockSkew")]
    [InlineData("ValidationException", 400, "Invalid")]
    [InlineData("SerializationException", 400, "Invalid")]
    [InlineData("RequestEntityTooLarge", 413, "TooLarge")]
    [InlineData("AccessDeniedException", 400, "AccessDenied")]
    [InlineData("KMSAccessDeniedException", 400, "AccessDenied")]
    [InlineData("ResourceNotFoundException", 400, "TableNotFound")]
    [InlineData("ResourceInUseException", 400, "TableNotFound")]
    [InlineData("ExpiredTokenException", 400, "CredentialsRefused")]
    [InlineData("UnrecognizedClientException", 400, "CredentialsRefused")]
    [InlineData("MissingAuthenticationTokenException", 400, "CredentialsRefused")]
    [InlineData("InvalidSignatureException", 400, "CredentialsRefused")]
    [InlineData(null, 500, "Unavailable")]
    [InlineData("", 503, "Unavailable")]
    [InlineData("SomethingNew", 502, "Unavailable")]
    [InlineData(null, 599, "Unavailable")]
    [InlineData(null, 429, "Throttled")]
    [InlineData(null, 408, "Unavailable")]
    [InlineData(null, 413, "TooLarge")]
    [InlineData(null, 200, "InvalidResponse")]
    [InlineData("SomethingNew", 400, "Unexpected")]
    public void An_answer_is_classified_by_its_code_and_then_by_its_status(string? code, int status, string kind)
    {
        TableFault fault = FaultClassifier.Classify(Answer(code, status, "Item: https://example.com/secret"));

        Assert.Equal(kind, fault.Kind.ToString());
        Assert.Equal((status, RequestId), (fault.Status, fault.RequestId));
        Assert.Equal(code is null or "" or "SomethingNew" ? nameof(AmazonDynamoDBException) : code, fault.Code);
        Assert.DoesNotContain("secret", fault.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RequestId, true)]
    [InlineData("00000000-1111-2222-3333-444444444444", true)]
    [InlineData("00000000111122223333444444444444", true)]
    [InlineData("s3cr3t-token-42", false)]
    [InlineData("AKIAIOSFODNN7EXAMPLE", false)]
    [InlineData("5ju3r1le8qk2exampleexamplevv4kqnso5aemvjf66q9asuaajg", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Only_what_has_the_form_of_a_request_id_is_kept_as_one(string? text, bool isKept) => Assert.Equal(isKept ? text : null, RequestIds.Known(text));

    [Fact]
    public void A_code_that_is_not_known_is_not_told()
    {
        TableFault fault = FaultClassifier.Classify(new AmazonDynamoDBException("x", ErrorType.Unknown, "AKIAIOSFODNN7EXAMPLE", "s3cr3t-token-42", HttpStatusCode.BadRequest));

        Assert.Equal((FaultKind.Unexpected, nameof(AmazonDynamoDBException), (string?)null), (fault.Kind, fault.Code, fault.RequestId));
    }

    [Theory]
    [InlineData("Signature expired: 20261121T060000Z is now earlier than 20261121T061000Z")]
    [InlineData("Signature not yet current: 20261121T060000Z is still later than 20261121T055000Z")]
    public void A_signature_of_another_time_is_clock_skew(string message)
    {
        Assert.Equal(FaultKind.ClockSkew, FaultClassifier.Classify(Answer("InvalidSignatureException", 400, message)).Kind);
        Assert.Equal(FaultKind.ClockSkew, FaultClassifier.Classify(Answer("SignatureDoesNotMatch", 403, message)).Kind);
    }

    [Fact]
    public void A_failed_condition_is_told_by_its_type() =>
        Assert.Equal(FaultKind.ConditionFailed, FaultClassifier.Classify(new ConditionalCheckFailedException("x")).Kind);

    public static TheoryData<string, string> Causes => new()
    {
        { nameof(HttpRequestError.ConnectionError), "Unreachable" },
        { nameof(HttpRequestError.NameResolutionError), "Unreachable" },
        { nameof(HttpRequestError.SecureConnectionError), "Unreachable" },
        { nameof(HttpRequestError.ProxyTunnelError), "Unreachable" },
        { nameof(HttpRequestError.ResponseEnded), "Unavailable" },
        { nameof(HttpRequestError.Unknown), "Unavailable" },
    };

    [Theory]
    [MemberData(nameof(Causes))]
    public void A_connection_that_never_was_is_unlike_one_that_broke(string error, string kind)
    {
        var broken = new HttpRequestException(Enum.Parse<HttpRequestError>(error), "x");

        Assert.Equal(kind, FaultClassifier.Classify(broken).Kind.ToString());
        Assert.Equal(kind, FaultClassifier.Classify(new AmazonServiceException("x", broken)).Kind.ToString());
        Assert.Equal(kind, FaultClassifier.Classify(new AmazonClientException("x", broken)).Kind.ToString());
    }

    [Fact]
    public void Exceptions_without_an_answer_are_classified_by_their_cause()
    {
        var byCause = new (Exception Exception, FaultKind Kind)[]
        {
            (new IOException("reset"), FaultKind.Unavailable),
            (new SocketException(104), FaultKind.Unavailable),
            (new AuthenticationException("tls"), FaultKind.Unavailable),
            (new WebException("x"), FaultKind.Unavailable),
            (new TimeoutException(), FaultKind.TimedOut),
            (new TaskCanceledException(), FaultKind.TimedOut),
            (new JsonException("garbled"), FaultKind.InvalidResponse),
            (new AmazonUnmarshallingException("request-1", "here", new JsonException("garbled"), HttpStatusCode.OK), FaultKind.InvalidResponse),
            (new AmazonClientException("Unable to get IAM security credentials from EC2 Instance Metadata Service."), FaultKind.CredentialsRefused),
            (new AmazonClientException("No RegionEndpoint or ServiceURL configured"), FaultKind.Misconfigured),
            (new InvalidCastException(), FaultKind.Internal),
            (new InvalidOperationException("x", new IOException("reset")), FaultKind.Unavailable),
        };

        Assert.All(byCause, static expected => Assert.Equal(expected.Kind, FaultClassifier.Classify(expected.Exception).Kind));
    }

    public static TheoryData<string> Thrown { get; } =
    [
        nameof(InvalidOperationException), nameof(IOException), nameof(FileNotFoundException), nameof(JsonException), nameof(HttpRequestException), nameof(SocketException), nameof(TimeoutException),
        nameof(OperationCanceledException), nameof(AmazonClientException), nameof(AmazonServiceException), nameof(AggregateException), nameof(TypeInitializationException),
    ];

    [Theory]
    [MemberData(nameof(Thrown))]
    public void Whatever_is_thrown_where_credentials_are_got_is_a_fault_of_theirs(string type)
    {
        Exception exception = Made(type);

        TableFault fault = FaultClassifier.Classify(Record.Exception(() => new Provider(exception).GetCredentials())!);
        TableFault wrapped = FaultClassifier.Classify(new InvalidOperationException("x", Record.Exception(() => new Provider(exception).GetCredentials())));
        TableFault elsewhere = FaultClassifier.Classify(Record.Exception((Action)(() => throw Made(type)))!);

        Assert.Equal((FaultKind.CredentialsRefused, type, 0), (fault.Kind, fault.Code, fault.Status));
        Assert.Equal(FaultKind.CredentialsRefused, wrapped.Kind);
        Assert.True(fault.NotSent && !fault.MayHaveBeenApplied);
        Assert.NotEqual(FaultKind.CredentialsRefused, elsewhere.Kind);
    }

    [Fact]
    public async Task The_own_client_s_wait_for_credentials_tells_the_place_without_a_trace()
    {
        (TableFault Without, TableFault With) faults = await Task.Run(static () =>
        {
            var attempt = new Attempt(CancellationToken.None);
            SdkCall.Begin(attempt);
            attempt.BeginCredentials();
            TableFault without = FaultClassifier.Classify(new InvalidTimeZoneException());
            attempt.EndCredentials();
            return (without, FaultClassifier.Classify(new InvalidTimeZoneException()));
        });

        Assert.Equal((FaultKind.CredentialsRefused, true), (faults.Without.Kind, faults.Without.NotSent));
        Assert.Equal((FaultKind.Internal, false), (faults.With.Kind, faults.With.NotSent));
    }

    [Fact]
    public void A_garbled_answer_that_speaks_of_credentials_is_an_answer()
    {
        TableFault fault = FaultClassifier.Classify(new AmazonServiceException("credentials", ErrorType.Unknown, null, RequestId, HttpStatusCode.OK));

        Assert.Equal((FaultKind.InvalidResponse, true), (fault.Kind, fault.MayHaveBeenApplied));
    }

    [Fact]
    public void An_endpoint_that_is_no_address_is_misconfigured_and_nothing_was_sent()
    {
        Assert.All(new Exception[] { new UriFormatException("x"), new AmazonClientException("x", new UriFormatException("x")) }, static exception =>
        {
            TableFault fault = FaultClassifier.Classify(exception);
            Assert.Equal((FaultKind.Misconfigured, true, false), (fault.Kind, fault.NotSent, fault.MayHaveBeenApplied));
        });
    }

    [Fact]
    public async Task What_the_library_s_own_client_throws_before_it_sends_is_about_its_settings()
    {
        foreach (Exception exception in (Exception[])[new NotSupportedException(), new AmazonClientException("x"), new TypeInitializationException("x", new InvalidDataException())])
        {
            (TableFault before, TableFault after) = await BeforeAndAfterSendingAsync(exception);
            Assert.Equal((FaultKind.Misconfigured, true, false), (before.Kind, before.NotSent, before.MayHaveBeenApplied));
            Assert.False(after.NotSent);
        }

        Assert.Equal(FaultKind.Disposed, (await BeforeAndAfterSendingAsync(new ObjectDisposedException("x"))).Before.Kind);
        Assert.Equal(FaultKind.TimedOut, (await BeforeAndAfterSendingAsync(new TimeoutException())).Before.Kind);
    }

    [Fact]
    public void A_client_that_cannot_be_made_is_misconfigured_whatever_was_thrown()
    {
        Assert.All(new Exception[] { new InvalidOperationException("credentials"), new HttpRequestException("x"), new FormatException(), new InvalidDataException() }, static cause =>
        {
            TableFault fault = FaultClassifier.Classify(new ClientNotMadeException(cause));
            Assert.Equal((FaultKind.Misconfigured, cause.GetType().Name, true, false), (fault.Kind, fault.Code, fault.NotSent, fault.MayHaveBeenApplied));
        });
    }

    private static Task<(TableFault Before, TableFault After)> BeforeAndAfterSendingAsync(Exception exception) => Task.Run(() =>
    {
        SdkCall call = SdkCall.Begin(new Attempt(CancellationToken.None));
        call.BeginPreparation();
        TableFault before = FaultClassifier.Classify(exception);
        call.EndPreparation();
        return (before, FaultClassifier.Classify(exception));
    });

    [Fact]
    public void Credentials_that_a_network_keeps_away_are_worth_another_attempt_and_missing_ones_are_not()
    {
        Assert.True(Of(new HttpRequestException(HttpRequestError.ConnectionError, "x")).IsTransient);
        Assert.True(Of(new InvalidOperationException("x", new IOException("reset"))).IsTransient);
        Assert.True(Of(new TimeoutException()).IsTransient);
        Assert.False(Of(new FileNotFoundException()).IsTransient);
        Assert.False(Of(new InvalidOperationException("x", new DirectoryNotFoundException())).IsTransient);
        Assert.False(Of(new InvalidOperationException("x")).IsTransient);

        static TableFault Of(Exception exception) => FaultClassifier.Classify(Record.Exception(() => new Provider(exception).GetCredentials())!);
    }

    [Fact]
    public void An_answer_of_dynamo_db_is_none_of_the_credentials_whatever_called_it() => Assert.Equal(
        FaultKind.Throttled, FaultClassifier.Classify(Record.Exception(() => new Provider(Answer("ThrottlingException", 400, "credentials")).GetCredentials())!).Kind);

    [Fact]
    public void What_is_disposed_is_the_host_s_doing_and_a_client_that_is_disposed_sends_nothing()
    {
        TableFault client = FaultClassifier.Classify(new ObjectDisposedException(typeof(AmazonDynamoDBClient).FullName));
        TableFault http = FaultClassifier.Classify(new ObjectDisposedException(typeof(HttpClient).FullName));
        TableFault stream = FaultClassifier.Classify(new ObjectDisposedException("System.Net.Sockets.NetworkStream"));

        Assert.All([client, http, stream], static fault => Assert.Equal((FaultKind.Disposed, false), (fault.Kind, fault.IsTransient)));
        Assert.Equal((false, false, true), (client.MayHaveBeenApplied, http.MayHaveBeenApplied, stream.MayHaveBeenApplied));
    }

    [Fact]
    public void What_may_be_tried_again_and_what_may_have_happened_is_decided_by_kind()
    {
        FaultKind[] transient = [FaultKind.Throttled, FaultKind.Unreachable, FaultKind.Unavailable, FaultKind.TimedOut, FaultKind.InvalidResponse];
        FaultKind[] unsure =
        [
            FaultKind.Unavailable, FaultKind.TimedOut, FaultKind.InvalidResponse, FaultKind.DeadlineExceeded, FaultKind.Canceled, FaultKind.Disposed, FaultKind.Internal,
            FaultKind.Misconfigured,
        ];

        Assert.All(Enum.GetValues<FaultKind>(), kind =>
        {
            Assert.Equal(transient.Contains(kind), Some.Fault(kind).IsTransient);
            Assert.Equal(unsure.Contains(kind), Some.Fault(kind).MayHaveBeenApplied);
            Assert.Equal(kind is FaultKind.Invalid or FaultKind.TooLarge, Some.Fault(kind).IsRefusal);
            Assert.False((Some.Fault(kind) with { NotSent = true }).MayHaveBeenApplied);
            Assert.Equal(kind is not (FaultKind.Unreachable or FaultKind.Throttled), Some.Fault(kind, 503).MayHaveBeenApplied);
        });
        Assert.Equal((true, false), (Some.Fault(FaultKind.Unavailable, 503).MayHaveBeenApplied, Some.Fault(FaultKind.Unavailable, 503).IsUnanswered));
        Assert.False(Some.Fault(FaultKind.Unavailable, 400).MayHaveBeenApplied);
        Assert.True(Some.Fault(FaultKind.Unavailable).IsUnanswered);
    }

    private static AmazonDynamoDBException Answer(string? code, int status, string message) =>
        new(message, ErrorType.Unknown, code, RequestId, (HttpStatusCode)status);

    private static Exception Made(string type) => type switch
    {
        nameof(JsonException) => new JsonException("x"),
        nameof(HttpRequestException) => new HttpRequestException(HttpRequestError.ConnectionError, "x"),
        nameof(SocketException) => new SocketException(111),
        nameof(AmazonClientException) => new AmazonClientException("x"),
        nameof(AmazonServiceException) => new AmazonServiceException("x", ErrorType.Sender, "AccessDenied", RequestId, HttpStatusCode.Forbidden),
        nameof(AggregateException) => new AggregateException(new IOException("x")),
        nameof(TypeInitializationException) => new TypeInitializationException("x", new InvalidDataException()),
        nameof(IOException) => new IOException("x"),
        nameof(FileNotFoundException) => new FileNotFoundException("x"),
        nameof(TimeoutException) => new TimeoutException("x"),
        nameof(OperationCanceledException) => new OperationCanceledException("x"),
        _ => new InvalidOperationException("x"),
    };

    private sealed class Provider(Exception exception) : AWSCredentials
    {
        public override ImmutableCredentials GetCredentials() => throw exception;
    }
}
