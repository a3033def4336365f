using System.CommandLine;
using EmailDigest.Output;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Spectre.Console;

namespace EmailDigest;

/// <summary>The program: arguments in, exit code out.</summary>
internal static class EmailDigestCommand
{
    /// <param name="args">The arguments.</param>
    /// <param name="console">Where everything is printed.</param>
    /// <param name="configure">Last word on the services, for tests.</param>
    /// <param name="environment">The settings of the environment, for tests; <see langword="null"/>: those of this process.</param>
    /// <param name="cancellationToken">Ends the run as Ctrl+C does.</param>
    public static async Task<int> RunAsync(
        string[] args,
        IAnsiConsole console,
        Action<IServiceCollection>? configure = null,
        IReadOnlyDictionary<string, string?>? environment = null,
        CancellationToken cancellationToken = default)
    {
        var commandLine = new CommandLine();
        commandLine.Root.SetAction((arguments, token) => RunJobAsync(commandLine.Read(arguments), console, configure, environment, token));

        ParseResult parsed = commandLine.Root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (string message in parsed.Errors.Select(error => error.Message))
            {
                console.Error(message);
            }

            console.WriteLine("Try --help.");
            return ExitCode.WrongArguments;
        }

        var invocation = new InvocationConfiguration
        {
            Output = console.Profile.Out.Writer,
            Error = console.Profile.Out.Writer,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null, // The host handles Ctrl+C and SIGTERM.
        };
        return await parsed.InvokeAsync(invocation, cancellationToken);
    }

    private static async Task<int> RunJobAsync(
        JobOptions options,
        IAnsiConsole console,
        Action<IServiceCollection>? configure,
        IReadOnlyDictionary<string, string?>? environment,
        CancellationToken cancellationToken)
    {
        try
        {
            HostApplicationBuilder builder = Composition.CreateBuilder(options, console, environment);
            configure?.Invoke(builder.Services);
            using IHost host = builder.Build();
            JobService job = host.Services.GetRequiredService<JobService>();
            await host.StartAsync(cancellationToken);
            await host.WaitForShutdownAsync(cancellationToken);
            return job.Outcome;
        }
        catch (OptionsValidationException invalid)
        {
            foreach (string failure in invalid.Failures)
            {
                console.Error(failure);
            }

            return ExitCode.WrongArguments;
        }
        catch (InvalidOperationException notBound)
        {
            // A setting from the environment that has another type.
            console.Error(notBound.Message);
            return ExitCode.WrongArguments;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Stopped;
        }
    }
}
