using Microsoft.Extensions.Logging;

namespace DigestStore.Telemetry;

internal static class Guard
{
    // For what is logged often and read seldom: nothing is made of it when nobody wants it.
    public static void Run(ILogger logger, LogLevel level, Action write) => Run(() =>
    {
        if (logger.IsEnabled(level))
        {
            write();
        }
    });

    // Loggers are the host's code: what they throw must not reach a store.
    public static void Run(Action write)
    {
        try
        {
            write();
        }
        catch (Exception)
        {
            // Nowhere to tell it.
        }
    }
}
