using System.Globalization;

namespace DigestStore.FaultTests.Child;

/// <summary>Jobs on a file: one that works at random until it is killed, and one that works beside another process.</summary>
internal static class FileJob
{
    public const string Word = "file";

    private const int Workers = 3;

    /// <summary>Arguments: <c>random|hasty</c>, the folder, the seed and the number of the round; or <c>pair</c>, the folder, the seed and the number of the worker.</summary>
    public static async Task RunAsync(string[] arguments)
    {
        (string kind, string folder) = (arguments[0], arguments[1]);
        int seed = int.Parse(arguments[2], CultureInfo.InvariantCulture);
        int number = int.Parse(arguments[3], CultureInfo.InvariantCulture);
        bool isPair = kind == "pair";
        using var store = new FileStore(folder, new FileClock(isPair ? 0 : number));
        Console.WriteLine(Signals.Ready);
        if (isPair)
        {
            await new FilePair(store, number, seed).RunAsync();
            return;
        }

        // It ends with its parent, also where that is killed itself.
        Task[] all =
        [
            Task.Run(Console.In.ReadToEnd),
            .. Enumerable.Range(0, Workers).Select(worker => Task.Run(new FileWorker(store, number, worker, unchecked((seed * Workers) + worker), kind == "hasty").RunAsync)),
        ];
        await Task.WhenAny(all).Unwrap();
    }
}
