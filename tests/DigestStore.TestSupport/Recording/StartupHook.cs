using DigestStore.TestSupport;

/// <summary>What the runtime calls, by this name and without a namespace, in a process that <see cref="RequestRecording.Attach"/> was told of.</summary>
internal static class StartupHook
{
    public static void Initialize() => RequestRecording.InstallIfAsked();
}
