using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace EmailDigest;

/// <summary>What <c>--help</c> says beyond the list of options.</summary>
internal sealed class HelpWithExamples(HelpAction inner) : SynchronousCommandLineAction
{
    // Who asks how a command is called has not yet called it right.
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        Command command = parseResult.CommandResult.Command, root = parseResult.RootCommandResult.Command;
        root.Arguments[0].Hidden = command != root; // Only a run takes feeds.
        int code = inner.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output.WriteLine(command == root ? Examples : "Examples, settings and exit codes: --help without a command.");
        return code;
    }

    private static readonly string Examples =
        $"""
        Examples:
          dotnet run --project samples/EmailDigest
              The bundled feeds, stored in the file out/digests.db; the email goes to out/. The second run of a day finds all items unchanged and
              the email delivered already, and a run of the next day leaves out what was sent.
          dotnet run --project samples/EmailDigest -- https://example.com/feed.xml news.json --since 30
              An address and a file, with what they published in the last 30 days.
          dotnet run --project samples/EmailDigest -- --endpoint http://localhost:8000
              The bundled feeds, stored in DynamoDB Local; the table is created when it is missing.
          dotnet run --project samples/EmailDigest -- --region eu-central-1 --table digests --smtp mail.example.com:587 --from digest@example.com --to me@example.com
              Stored in DynamoDB with the credentials that the AWS SDK finds, and sent: what to run every morning.
          dotnet run --project samples/EmailDigest -- list
              The last 30 days in out/digests.db, and what became of each email; show, status and resolve look at one day. --file names
              another file, and --endpoint, --region and --table name a DynamoDB table. `list --help` and the like say what a command takes.
          dotnet run --project samples/EmailDigest -- copy --to-endpoint http://localhost:8000
              Copies what out/digests.db has of the last 400 days to DynamoDB Local; --endpoint http://localhost:8000 --to-file back.db copies it back.
          dotnet run --project samples/EmailDigest -- --fault throttled --verbose
              What a throttled DynamoDB looks like, in the report and in the log. Nothing outside of this process is used.
          dotnet run --project samples/EmailDigest -- doctor --region eu-central-1 --table digests
              What the table lacks for production. Exit codes: 0 no problem was found; 1 one was; 2 no table is named.
          OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4317 dotnet run --project samples/EmailDigest
              Metrics, spans and log also go to an OpenTelemetry collector.

        Settings may also come from the environment: DigestStore__Region, DigestStore__TableName, DigestStore__ServiceUrl and the like.
        EmailDigest__SmtpUser and EmailDigest__SmtpPassword sign in to the mail server, over TLS only. EmailDigest__SmtpTimeout (default 00:01:00)
        is how long it may take for one email.
        An OpenTelemetry collector is named by the standard variables, OTEL_EXPORTER_OTLP_ENDPOINT, _PROTOCOL, _HEADERS and so on.
        EmailDigest__FlushTime (default 00:00:02) is how long the end of the run waits for it.

        Limits of one feed: {FeedLimits.Words}.
        A feed beyond them is reported, and every other feed is in the email. Redirects lead to http and https only.

        Every store is compared with those before it, which runs.jsonl beside the email remembers: with the median of 3 to 20 runs on the
        same store that stored everything, first stores with first stores and repeated ones with repeated ones, of half to twice as many
        items. Worse (or better) is beyond it by half as much again, and by at least 200 ms, 2 requests, 2 retries, 5 capacity units or
        2 rejected items. Runs with --fault are compared, with those of --memory, and not remembered; runs without items are neither.

        The email of a day is sent once, however often and wherever this is run with the same file or table, and digest. When a run is killed after
        the mail server took the email and before that is recorded, the next run sends it again with the same Message-ID, and says so.

        Exit codes: 0 the email went out, now or in an earlier run, whatever became of the database; 1 it did not, or nobody knows;
        2 wrong arguments; 3 there was nothing to send, so no email was written, and that of an earlier run stays as it is;
        4 another run is sending it, or was killed while it did; 130 stopped.
        Those of list, show, status, resolve and copy: 0 done; 1 the file or table did not answer, or did not record it; 2 wrong arguments, or there is no file yet.
        """;
}
