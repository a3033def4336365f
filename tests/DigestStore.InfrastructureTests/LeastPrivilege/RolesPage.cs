using System.Globalization;
using System.Text;
using DigestStore.TestSupport;

namespace DigestStore.InfrastructureTests.LeastPrivilege;

/// <summary><c>docs/roles.md</c>, made from the recording and the policies.</summary>
internal static class RolesPage
{
    public const string Path = "docs/roles.md";

    private static readonly (string Policy, string Title)[] Columns = [(LibraryMethod.Reader, "reader"), (LibraryMethod.Writer, "writer"), (LibraryMethod.Operator, "operator")];

    public static string Build()
    {
        var page = new StringBuilder(
            """
            # Roles: who may do what

            [`infrastructure/digest-store.yaml`](../infrastructure/digest-store.yaml) makes three policies. Attach the one that your process needs
            to its role; the stack's outputs have their ARNs.

            | policy | for |
            | --- | --- |
            | `ReaderPolicy` | an application that only reads |
            | `WriterPolicy` | the application that stores and sends |
            | `OperatorPolicy` | the person on call |

            Each policy allows exactly the requests that the methods of its column below send, and only on this table. A test generates this page: it
            records the requests of each method, and evaluates the policies as IAM does. The test fails when the page differs. After an intended change,
            `DIGESTSTORE_UPDATE_DOCS=1 ./test.sh` writes the page again.

            ## Methods

            | method | reader | writer | operator | requests |
            | --- | :-: | :-: | :-: | --- |

            """);
        foreach (LibraryMethod method in LibraryMethod.All)
        {
            string[] cells = [.. Columns.Select(column => method.Requests.All(Role.With(column.Policy).May) ? "yes" : "no")];
            page.Append(CultureInfo.InvariantCulture, $"| `{method.Name}` | {string.Join(" | ", cells)} | {string.Join(", ", method.Requests.Select(Asked).Distinct(StringComparer.Ordinal))} |\n");
        }

        page.Append(
            """

            - A health check (`AddHealthChecks().AddDigestStore()`) looks up a key that nobody stores. With the option `DeliveredBy`, it also calls
              `GetDeliveryAsync`.
            - `GetStatisticsAsync` of a single day calls `GetAsync` and needs the same permissions.
            - Delivering needs nothing beyond the requests of a store call: the lease, the manifest and the end of a delivery are updates of single records.
            - A [copy](copy.md) reads one table and writes another. Give its process the reader's policy of the first and the writer's policy of the second.
            - Only a listing by status queries the index. The application that stores does not need one; to let it list days so, attach the reader's policy
              to its role too.
            - The operator may delete items and days, and resolve the email of a day: `DeleteAsync`, `DeleteDayAsync` and `ResolveAsync` use `BatchWriteItem` and
              `UpdateItem`. These permissions allow storing and sending too, and IAM cannot separate the two. So whoever has the operator's policy can
              overwrite digests, although the policy is not meant for that.
            - `DigestTable.EnsureCreatedAsync` is for development and tests. No role in production may create or change tables; the template creates the table.

            ## The key

            The table is encrypted with a key of your own. DynamoDB uses this key with the permissions of the caller. So each policy also has
            `kms:Decrypt` on that key, under two conditions: the request comes through DynamoDB of this region (`kms:ViaService`), and it is about
            this table (`kms:EncryptionContext:aws:dynamodb:tableName`). The template gives the key a policy of its own. Under that policy, the key can be
            used only through DynamoDB and AWS Backup. This holds for an administrator of the account too, but an administrator may change the policy.

            ## The policies


            """);
        foreach ((string policy, string title) in Columns)
        {
            page.Append(CultureInfo.InvariantCulture, $"### The {title}\n\n| action | on |\n| --- | --- |\n");
            foreach (var allowed in from statement in Role.With(policy).Statements from resource in statement.Resources from action in statement.Actions select (action, resource))
            {
                page.Append(CultureInfo.InvariantCulture, $"| `{allowed.action}` | {On(allowed.resource)} |\n");
            }

            page.Append('\n');
        }

        return page.ToString().TrimEnd('\n').ReplaceLineEndings("\n") + "\n";
    }

    private static string Asked(TableRequest request) => $"`{request.Action}`{(request.Resource == TableRequest.Table ? "" : $" on {On(request.Resource)}")}";

    private static string On(string resource) => resource switch
    {
        _ when resource == Role.TableArn => "the table",
        _ when resource == Role.Key => "the table's key",
        _ when resource.StartsWith($"{Role.TableArn}/index/", StringComparison.Ordinal) => $"the index `{resource[(Role.TableArn.Length + "/index/".Length)..]}`",
        _ when resource.StartsWith("index/", StringComparison.Ordinal) => $"the index `{resource["index/".Length..]}`",
        _ => $"`{resource}`",
    };
}
