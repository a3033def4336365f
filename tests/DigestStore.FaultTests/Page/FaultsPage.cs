using System.Globalization;
using System.Reflection;
using System.Text;

namespace DigestStore.FaultTests;

/// <summary><c>docs/faults.md</c>, made from the tests.</summary>
internal static class FaultsPage
{
    public const int LastRow = 102;

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

            What can go wrong between your job and the table, what DigestStore does about it, and the test that proves it. This page is made
            from the tests of `tests/DigestStore.FaultTests`; a test compares the two. To make it anew, run that project's tests with
            `DIGESTSTORE_UPDATE_DOCS=1`.

            In every one of these cases: no exception leaves the call but the documented ones; it returns within its deadline; every item has
            exactly one outcome; what is claimed to be stored is in the table; no more requests are sent than are counted; and one
            log entry tells of the call, without content.

            An attempt that is given up, at its time-out, at the deadline or by your token, has its connection cut by the library's own client,
            so nothing is sent after the call. A client that you hand in may ignore its token: the call returns in time all the same, and what
            that client still sends or receives changes no result and is only counted.

            ## The matrix

            Rows keep their numbers when others go, so there may be gaps.

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
            out, silence, garbage, slowness) over 2,000 schedules of items, contents and options. Each must keep all of the above and the worst
            case, and one healthy run after it must leave exactly the wanted table. `DIGESTSTORE_SOAK_SCHEDULES` runs more of them and
            `DIGESTSTORE_SOAK_SEED` repeats them; the seed is printed. `DIGESTSTORE_KILL_ROUNDS` and `DIGESTSTORE_KILL_SEED` do the same for
            the rounds of `KillTests`: 50 of them by default, each a process that is killed at another request of its store and run again.

            """);
        return page.ToString().ReplaceLineEndings("\n");
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
