using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Amazon.Runtime.Internal;

namespace DigestStore.TestSupport;

/// <summary>
/// Notes every request that the library makes of DynamoDB in this process, through whatever client: what for, which action of IAM, and
/// on which resource. What a test asks of the table by itself is not noted. The policies of <c>infrastructure/</c> are compared with it.
/// </summary>
public sealed class RequestRecording : IRuntimePipelineCustomizer
{
    /// <summary>The directory to write into; recordings are made only where it is set, which <c>./test.sh</c> does.</summary>
    public const string DirectoryVariable = "DIGESTSTORE_RECORDINGS";

    private const string StartupHooks = "DOTNET_STARTUP_HOOKS";
    private const string OperationTag = "digeststore.operation";

    // Between the call of the library and that of the SDK there are at most a few frames.
    private static readonly Assembly Library = typeof(DigestRepository).Assembly;
    private static readonly AsyncLocal<string?> Operation = new();
    private static int _isInstalled;

    private readonly ConcurrentDictionary<TableRequest, byte> _seen = [];
    private readonly Lock _gate = new();
    private readonly string _file;

    internal RequestRecording(string directory)
    {
        Directory.CreateDirectory(directory);
        _file = Path.Combine(directory, $"{Assembly.GetEntryAssembly()?.GetName().Name}-{Environment.ProcessId}{TableRequest.FileExtension}");
    }

    string IRuntimePipelineCustomizer.UniqueName => nameof(RequestRecording);

    /// <summary>Lets a process of a test's, which knows nothing of this assembly, record as well.</summary>
    /// <param name="start">How it is going to be started.</param>
    public static void Attach(ProcessStartInfo start)
    {
        ArgumentNullException.ThrowIfNull(start);
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable(DirectoryVariable)))
        {
            start.Environment[StartupHooks] = typeof(RequestRecording).Assembly.Location;
        }
    }

    void IRuntimePipelineCustomizer.Customize(Type type, RuntimePipeline pipeline) => pipeline.AddHandler(new RecordingHandler(this));

#pragma warning disable CA2255 // A recording that begins with the first test that asks for it would miss those before.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void InstallIfAsked()
    {
        if (Environment.GetEnvironmentVariable(DirectoryVariable) is { Length: > 0 } directory && Interlocked.Exchange(ref _isInstalled, 1) == 0)
        {
            Install(new RequestRecording(directory));
        }
    }

    internal static void Install(RequestRecording recording)
    {
        // It is asked about every call of the library and wants no span, so it changes nothing.
        ActivitySource.AddActivityListener(new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "DigestStore",
            Sample = static (ref ActivityCreationOptions<ActivityContext> options) => Remember(options.Tags),
            SampleUsingParentId = static (ref ActivityCreationOptions<string> options) => Remember(options.Tags),
        });

        // After the listener: a request of a call that the listener has not heard of would be noted under the wrong name.
        RuntimePipelineCustomizerRegistry.Instance.Register(recording);
    }

    internal void Note(Amazon.Runtime.AmazonWebServiceRequest request)
    {
        if ((Operation.Value ?? CallingType()) is not { } caller)
        {
            return;
        }

        foreach (TableRequest recorded in TableRequest.Of(caller, request))
        {
            if (_seen.TryAdd(recorded, 0))
            {
                // At once: the process may be about to be killed.
                lock (_gate)
                {
                    File.AppendAllText(_file, $"{recorded}\n");
                }
            }
        }
    }

    private static ActivitySamplingResult Remember(IEnumerable<KeyValuePair<string, object?>>? tags)
    {
        Operation.Value = tags?.FirstOrDefault(static tag => tag.Key == OperationTag).Value as string;
        return ActivitySamplingResult.None;
    }

    // The library's type that has called the SDK, for calls without a span; null when somebody else has, a test that uses the port by itself
    // included: the library's own calls of the port have another type of the library above them.
    private static string? CallingType()
    {
        string? port = null;
        foreach (StackFrame frame in new StackTrace().GetFrames())
        {
            if (frame.GetMethod()?.DeclaringType is not { } type || IsOnTheWay(type.Assembly))
            {
                continue;
            }

            while (type.DeclaringType is { } outer)
            {
                type = outer;
            }

            if (type.Assembly != Library)
            {
                return null;
            }

            if (type.GetInterface("IDigestTable") is null)
            {
                return port ?? type.FullName;
            }

            port = type.FullName;
        }

        return null;
    }

    private static bool IsOnTheWay(Assembly assembly) =>
        assembly == typeof(RequestRecording).Assembly || assembly == typeof(object).Assembly || assembly.GetName().Name!.StartsWith("AWSSDK.", StringComparison.Ordinal);

    private sealed class RecordingHandler(RequestRecording recording) : PipelineHandler
    {
        public override void InvokeSync(Amazon.Runtime.IExecutionContext executionContext)
        {
            recording.Note(executionContext.RequestContext.OriginalRequest);
            base.InvokeSync(executionContext);
        }

        public override Task<T> InvokeAsync<T>(Amazon.Runtime.IExecutionContext executionContext)
        {
            recording.Note(executionContext.RequestContext.OriginalRequest);
            return base.InvokeAsync<T>(executionContext);
        }
    }
}
