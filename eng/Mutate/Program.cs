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
    case [{ } first, ..] when !first.StartsWith('-'):
        string[] folders = [.. args.TakeWhile(argument => !argument.StartsWith('-')).Select(folder => folder.Trim('/'))];
        long began = Stopwatch.GetTimestamp();
        IReadOnlyList<Report> reports = await Session.RunAsync(root, Target.DigestStore(root), folders, Option("--workers", Environment.ProcessorCount), Option("--sample", int.MaxValue), args.Contains("--again"));
        foreach (Report report in reports)
        {
            Console.WriteLine(report.Summary());
        }

        Console.WriteLine($"It took {Stopwatch.GetElapsedTime(began).TotalMinutes:F0} minutes.");
        return 0;
    default:
        Console.Error.WriteLine("usage: ./eng/mutate.sh FOLDER... [--workers N] [--sample N] [--again] | --self-check");
        return 2;
}

int Option(string name, int otherwise) => Array.IndexOf(args, name) is > 0 and int index ? int.Parse(args[index + 1], CultureInfo.InvariantCulture) : otherwise;
