using System.Diagnostics;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using Amazon.DynamoDBv2;
using DigestStore.Identity;
using DigestStore.Storing;

namespace DigestStore.Benchmarks.Runs;

/// <summary>Where and with what the numbers were measured.</summary>
internal static class Machine
{
    public const string BuiltAndRun = "dotnet run -c Release --project benchmarks/DigestStore.Benchmarks --";

    /// <summary>How this program is run after it was published with ReadyToRun.</summary>
    public const string Published = "dotnet ahead/DigestStore.Benchmarks.dll";

    public static void Describe(Report report, string command, string program = BuiltAndRun)
    {
        report.Line($"- Command: `{program} {command}`");
        report.Line($"- Machine: {Processor()}, {Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1L << 30)} GB, {RuntimeInformation.OSDescription}");
        report.Line($"- Versions: .NET {Environment.Version}, AWSSDK.DynamoDBv2 {FileVersionInfo.GetVersionInfo(typeof(AmazonDynamoDBClient).Assembly.Location).FileVersion}, DigestStore {typeof(DigestRepository).Assembly.GetName().Version}");
        report.Line($"- Items: records of {RecordBytes():N0} bytes by DynamoDB's rules");
        report.Line($"- Date: {DateTimeOffset.UtcNow:yyyy-MM-dd HH:mm} UTC; load of the machine in the minute before: {Load()}");
        report.Line();
    }

    /// <summary>Whether this program was compiled ahead of time (ReadyToRun).</summary>
    public static bool IsCompiledAhead()
    {
        using var library = new PEReader(File.OpenRead(typeof(DigestRepository).Assembly.Location));
        return library.PEHeaders.CorHeader?.ManagedNativeHeaderDirectory.Size > 0;
    }

    /// <summary>The size of a record of <see cref="SampleItems"/> by DynamoDB's rules.</summary>
    public static int RecordBytes() =>
        ItemValidator.TryValidate(SampleItems.Make(1)[0], IdentityRuleSet.Default, DigestStoreDefaults.DigestName, out _, out int size, out _) ? size : 0;

    private static string Processor()
    {
        const string File = "/proc/cpuinfo";
        string? line = System.IO.File.Exists(File)
            ? System.IO.File.ReadLines(File).FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }

    private static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
}
