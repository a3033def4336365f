namespace DigestStore.Calls;

internal static class Fatal
{
    // These exceptions say that the process itself is broken. They are not turned into a result.
    public static bool Is(Exception exception) =>
        exception is OutOfMemoryException or InsufficientExecutionStackException or AccessViolationException;
}
