using System.Diagnostics;
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
    case [{ } folder, .. { } rest] when !folder.StartsWith('-') && rest is [] or ["--workers", _]:
        int workers = rest is [_, { } number] ? int.Parse(number, null) : Environment.ProcessorCount;
        long began = Stopwatch.GetTimestamp();
        Report report = await Session.RunAsync(root, Target.DigestStore(root), folder, workers);
        Console.WriteLine(report.Summary());
        Console.WriteLine($"It took {Stopwatch.GetElapsedTime(began).TotalMinutes:F0} minutes.");
        return 0;
    default:
        Console.Error.WriteLine("usage: ./eng/mutate.sh FOLDER [--workers N] | --self-check");
        return 2;
}
