using System.Globalization;
using System.Text;
using DigestStore.InfrastructureTests.Linters;

namespace DigestStore.InfrastructureTests.Faults;

/// <summary><c>infrastructure/README.md</c>, made from the planted faults.</summary>
internal static class PlantedFaultsPage
{
    public const string Path = "infrastructure/README.md";

    public static string Build()
    {
        var page = new StringBuilder(
            """
            # Infrastructure

            [digest-store.yaml](digest-store.yaml) is the table of [docs/schema.md](../docs/schema.md) with everything that it needs in production.
            [docs/deploy.md](../docs/deploy.md) says how to deploy it. This page says how it is checked. It is made from the tests of
            `tests/DigestStore.InfrastructureTests`; a test compares the two. To make it anew, run that project's tests with `DIGESTSTORE_UPDATE_DOCS=1`.

            ## Checks

            `./test.sh` runs all of them; none needs an AWS account.

            | in the table below | what it is |
            | --- | --- |
            | `cfn-validate` | AWS's CloudFormation validator, from `aws-cdk-lib`: properties, types and references |
            | `cdk-nag` | its packs AWS Solutions and NIST 800-53 rev. 5 |
            | `guard` | cfn-guard with the rules of [rules/](rules) |
            | `code` | tests, for what no rule can see |

            What the template keeps although a rule finds fault with it is in [accepted-findings.json](accepted-findings.json):

            | check | resource | reason |
            | --- | --- | --- |

            """);
        foreach (AcceptedFinding finding in AcceptedFinding.Load())
        {
            page.Append(CultureInfo.InvariantCulture, $"| `{finding.Check}` | `{finding.Resource}` | {finding.Reason} |\n");
        }

        page.Append(
            """

            ## Planted faults

            Each row is a change of the template that a test makes, and every check that catches it. The test fails when a fault is caught by none, by
            fewer or by other checks than the row says.

            | fault | caught by |
            | --- | --- |

            """);
        foreach (PlantedFault fault in PlantedFaults.All)
        {
            page.Append(CultureInfo.InvariantCulture, $"| {fault.Name} | {string.Join("<br>", fault.Checks.Select(static check => $"`{check}`"))} |\n");
        }

        return page.ToString().ReplaceLineEndings("\n");
    }
}
