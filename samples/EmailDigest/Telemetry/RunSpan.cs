using System.Diagnostics;

namespace EmailDigest.Telemetry;

/// <summary>The span of a whole run; its trace id is the correlation id of every call to the repository.</summary>
internal static class RunSpan
{
    public const string SourceName = "EmailDigest";
    private const string Name = "email-digest.run";
    private static readonly ActivitySource Source = new(SourceName);

    // Without a listener too, for the id.
    public static Activity Start(JobOptions options)
    {
        Activity run = Source.StartActivity(Name) ?? new Activity(Name).SetIdFormat(ActivityIdFormat.W3C).Start();
        return run.SetTag("email_digest.date", options.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    public static void End(Activity run, int exitCode) =>
        run.SetTag("process.exit.code", exitCode).SetStatus(exitCode == ExitCode.EmailSent ? ActivityStatusCode.Unset : ActivityStatusCode.Error);
}
