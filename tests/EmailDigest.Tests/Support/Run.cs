using DigestStore;
using EmailDigest.Present;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EmailDigest.Tests.Support;

/// <summary>The whole program in this process.</summary>
internal sealed record Run(int ExitCode, string Output, string Error)
{
    /// <summary>With this repository, and a memory of its own for the deliveries and the history.</summary>
    public static Task<Run> WithAsync(IDigestRepository repository, params string[] args) =>
        StartAsync([.. args, "--memory"], services => services.Replace(ServiceDescriptor.Singleton(repository)));

    public static Task<Run> ProgramAsync(params string[] args) => StartAsync(args, configure: null);

    /// <summary>With these variables, and none of this process's.</summary>
    public static Task<Run> InEnvironmentAsync(Dictionary<string, string?> environment, params string[] args) => StartAsync(args, configure: null, environment);

    public static Task<Run> StartAsync(string[] args, Action<IServiceCollection>? configure, CancellationToken cancellationToken = default) =>
        StartAsync(args, configure, environment: null, cancellationToken);

    public static async Task<Run> StartAsync(
        string[] args, Action<IServiceCollection>? configure, IReadOnlyDictionary<string, string?>? environment, CancellationToken cancellationToken = default)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal(Terminal.Plain(TextWriter.Synchronized(output)), Terminal.Plain(TextWriter.Synchronized(error)));
        int exitCode = await Program.RunAsync(args, terminal, configure, environment, cancellationToken);
        return new Run(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Both outputs, with single spaces for white space of any kind.</summary>
    public string Words => string.Join(' ', (Output + Error).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
