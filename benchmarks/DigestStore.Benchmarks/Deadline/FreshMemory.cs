using System.Diagnostics;
using System.Runtime.InteropServices;

namespace DigestStore.Benchmarks.Deadline;

/// <summary>
/// What the first write to a page of memory costs. On a virtual machine whose host gives it memory page by page that can be a hundred times
/// what it is elsewhere, and all that allocates pays it: a copy of a million references has 2,000 pages, a collection copies what survives.
/// </summary>
internal static unsafe class FreshMemory
{
    private const int Page = 4096;
    private const int Pages = 16 * 1024;

    public static double MicrosecondsPerPage()
    {
        byte* memory = (byte*)NativeMemory.Alloc(Pages, Page);
        long began = Stopwatch.GetTimestamp();
        for (int page = 0; page < Pages; page++)
        {
            memory[page * (long)Page] = 1;
        }

        double taken = Stopwatch.GetElapsedTime(began).TotalMicroseconds;
        NativeMemory.Free(memory);
        return taken / Pages;
    }
}
