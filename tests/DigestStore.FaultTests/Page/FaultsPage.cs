using System.Globalization;
using System.Reflection;
using System.Text;

namespace DigestStore.FaultTests;

/// <summary><c>docs/faults.md</c>, made from the tests.</summary>
internal static class FaultsPage
{
    public const int LastRow = 105;

    public const string Path = "docs/faults.md";

    public static IReadOnlyList<FaultProof> Proofs { get; } =
    [
        .. from type in typeof(FaultsPage).Assembly.GetTypes()
           from method in type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly)
           from row in method.GetCustomAttributes<FaultRowAttribute>()
           orderby row.Row, type.Name, method.Name, row.Fault
           select new FaultProof(row.Row, row.Fault, row.Promise, $"{type.Name}.{method.Name}"),
    ];

    public static IEnumerable<int> MissingRows() =>
        Enumerable.Range(1, LastRow).Where(row => Proofs.All(proof => proof.Row != row));

    public static string Build()
    {
        var page = new StringBuilder(
            """
            # Faults

            This page lists what can go wrong between your job and the table, what DigestStore does about it, and which test proves it. In every
            case, all of this holds:

            - The call throws only documented exceptions, and it returns within its deadline.
            - Every item has exactly one outcome, and every item that is reported as stored is in the table.
            - No more requests are sent than are counted.
            - One log entry reports the call. It does not contain the content of items.

            The library gives an attempt up at its time-out, at the deadline, or when you cancel the call. Its own client then cuts the connection,
            so nothing is sent after the call. A client that you hand in may ignore its cancellation token. The call still returns in time. What
            such a client sends or receives later is only counted, and changes no result.

            This page is generated from the tests of `tests/DigestStore.FaultTests`, and a test compares the two. To generate it again, run the
            tests of that project with `DIGESTSTORE_UPDATE_DOCS=1`.

            ## The matrix

            When a row is removed, the other rows keep their numbers, so there may be gaps.

            | # | fault | what the library does | proven by |
            |---:|---|---|---|

            """);
        foreach (IGrouping<(int Row, string Fault, string Promise), FaultProof> row in Proofs.GroupBy(proof => (proof.Row, proof.Fault, proof.Promise)))
        {
            page.Append(CultureInfo.InvariantCulture, $"| {row.Key.Row} | {Cell(row.Key.Fault)} | {Cell(row.Key.Promise)} | {string.Join("<br>", row.Select(proof => $"`{proof.Test}`"))} |\n");
        }

        page.Append("\n## The worst case\n\n").Append(WorstCase.Text).Append('\n');
        page.Append(
            """

            ## Random faults

            `SoakTests` draws a fault for four requests in ten (throttling, leftovers, errors, errors and resets after the request was carried
            out, silence, garbage, slowness) over 2,000 schedules of items, contents and options. In each schedule, everything that holds in every
            case must hold, the worst case must not be exceeded, and one healthy run afterwards must leave exactly the wanted table.
            `DIGESTSTORE_SOAK_SCHEDULES` sets how many schedules are run. The tests print their seed, and `DIGESTSTORE_SOAK_SEED` repeats the run
            with that seed. `DIGESTSTORE_KILL_ROUNDS` and `DIGESTSTORE_KILL_SEED` do the same for the rounds of `KillTests`. There are 50 rounds by
            default. In each round, a process is killed at another request of its store call, and run again.

            ## A file that is worked on

            In each round of `FileKillTests`, a process stores, sends and replays on a file until it is killed (`kill -9`) after a random line of what it
            tells. Then `PRAGMA integrity_check` must say ok, and the items, the counts of the headers, the deliveries, what is remembered as sent, and
            the dead letters must be those that were acknowledged. The file goes on for 50 rounds. `PowerCutTests` does the same with a library that
            is preloaded into the process: at a random write it puts the file into a state that a power cut could have left, in which writes
            since the last sync are there, missing or torn in any combination. Both are also run with something that is broken on purpose: a
            process that acknowledges before it has stored, and a disk that does not sync. The tests must notice.
            `DIGESTSTORE_KILL_FILE_ROUNDS` and `DIGESTSTORE_POWER_CUT_ROUNDS` set how many rounds are run. The tests print their seed;
            `DIGESTSTORE_KILL_FILE_SEED` makes the same choices again, while how far a process has come by then differs from run to run.

            """);
        return page.ToString().ReplaceLineEndings("\n");
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
