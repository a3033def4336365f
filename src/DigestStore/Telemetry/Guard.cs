using Microsoft.Extensions.Logging;

namespace DigestStore.Telemetry;

internal static class Guard
{
    // The level is checked first, so that no arguments are made for an event that nobody wants.
    public static void Run(ILogger logger, LogLevel level, Action write) => Run(() =>
    {
        if (logger.IsEnabled(level))
        {
            write();
        }
    });

    // Loggers are code of the host, and an exception that they throw must not break a call.
    public static void Run(Action write)
    {
        try
        {
            write();
        }
        catch (Exception)
        {
            // The logger itself has failed, so there is nowhere to report it.
        }
    }
}
