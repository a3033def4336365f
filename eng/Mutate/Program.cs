using System.Diagnostics;
using System.Globalization;
using Mutate;

if (args is ["worker", { } testAssembly, { } libraryName, .. { } classes])
{
    await WorkerHost.RunAsync(testAssembly, libraryName, classes);
    return 0;
}

string root = Directory.GetCurrentDirectory();
if (!File.Exists(Path.Combine(root, "DigestStore.sln")))
{
    Console.Error.WriteLine($"error: '{root}' is not the root of the repository. Run ./eng/mutate.sh, which goes there.");
    return 2;
}

switch (args)
{
    case ["--self-check"]:
        return await SelfCheck.RunAsync(root);
    case [{ } folder, ..] when !folder.StartsWith('-') && args.Length % 2 == 1:
        int workers = Option("--workers", Environment.ProcessorCount);
        int every = Option("--every", 1);
        long began = Stopwatch.GetTimestamp();
        Report report = await Session.RunAsync(root, Target.DigestStore(root), folder, workers, every);
        Console.WriteLine(report.Summary());
        Console.WriteLine($"It took {Stopwatch.GetElapsedTime(began).TotalMinutes:F0} minutes.");
        return 0;
    default:
        Console.Error.WriteLine("usage: ./eng/mutate.sh FOLDER [--workers N] [--every N] | --self-check");
        return 2;
}

int Option(string name, int otherwise) => Array.IndexOf(args, name) is > 0 and int index ? int.Parse(args[index + 1], CultureInfo.InvariantCulture) : otherwise;
