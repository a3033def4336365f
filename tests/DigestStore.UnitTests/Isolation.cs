using System.Runtime.CompilerServices;

namespace DigestStore.UnitTests;

// No test may find an account, a region or a metadata service of the machine that it happens to run on.
internal static class Isolation
{
    [ModuleInitializer]
    internal static void HideTheMachine()
    {
        Environment.SetEnvironmentVariable("AWS_EC2_METADATA_DISABLED", "true");
        Environment.SetEnvironmentVariable("AWS_CONFIG_FILE", "none");
        Environment.SetEnvironmentVariable("AWS_SHARED_CREDENTIALS_FILE", "none");
        foreach (string name in (string[])["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"])
        {
            Environment.SetEnvironmentVariable(name, null);
        }
    }
}
