namespace DigestStore.Telemetry;

internal static class Guard
{
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
