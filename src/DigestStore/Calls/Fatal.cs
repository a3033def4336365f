namespace DigestStore.Calls;

internal static class Fatal
{
    // What says that the process itself is broken is not turned into a result.
    public static bool Is(Exception exception) =>
        exception is OutOfMemoryException or InsufficientExecutionStackException or AccessViolationException;
}
