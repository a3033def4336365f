using DigestStore;
using EmailDigest.Output;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EmailDigest.Tests.Support;

/// <summary>The whole program in this process.</summary>
internal sealed record Run(int ExitCode, string Output)
{
    public static Task<Run> WithAsync(IDigestRepository repository, params string[] args) =>
        StartAsync(args, services => services.Replace(ServiceDescriptor.Singleton(repository)));

    public static Task<Run> ProgramAsync(params string[] args) => StartAsync(args, configure: null);

    public static async Task<Run> StartAsync(string[] args, Action<IServiceCollection>? configure, CancellationToken cancellationToken = default)
    {
        using var output = new StringWriter();
        int exitCode = await EmailDigestCommand.RunAsync(args, Terminal.Plain(TextWriter.Synchronized(output)), configure, cancellationToken);
        return new Run(exitCode, output.ToString());
    }

    /// <summary>The output with its wrapped lines joined.</summary>
    public string Words => string.Join(' ', Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
