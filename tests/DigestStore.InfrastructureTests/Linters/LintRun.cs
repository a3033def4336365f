using DigestStore.InfrastructureTests.Faults;
using DigestStore.InfrastructureTests.Template;
using DigestStore.TestSupport;

namespace DigestStore.InfrastructureTests.Linters;

/// <summary>The findings of all checks on the template and on every planted fault, made once for all tests.</summary>
public sealed class LintRun : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("digest-store-lint-");
    private readonly Lazy<Dictionary<string, List<Finding>>> _findings;

    public LintRun() => _findings = new(Run);

    /// <summary>What the checks say about the template itself, accepted findings included.</summary>
    internal IReadOnlyList<Finding> OfTemplate => _findings.Value[Path.GetFileName(CloudFormationTemplate.Path)];

    /// <summary>The checks that a planted fault sets off and the template does not, sorted.</summary>
    internal IReadOnlyList<string> CaughtBy(PlantedFault fault)
    {
        var known = OfTemplate.Select(static finding => (finding.Check, finding.Resource)).ToHashSet();
        return
        [
            .. _findings.Value[FileOf(fault)]
                .Where(finding => !known.Contains((finding.Check, finding.Resource)))
                .Select(static finding => finding.Check)
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string FileOf(PlantedFault fault) => $"fault-{PlantedFaults.All.IndexOf(fault):000}.json";

    private Dictionary<string, List<Finding>> Run()
    {
        LinterFolder linters = LinterFolder.FindOrSkip();
        CloudFormationTemplate template = CloudFormationTemplate.Load();
        string good = RepositoryFiles.PathOf(CloudFormationTemplate.Path);
        var findings = new Dictionary<string, List<Finding>>(StringComparer.Ordinal) { [Path.GetFileName(good)] = [.. CodeChecks.Run(template)] };
        foreach (PlantedFault fault in PlantedFaults.All)
        {
            CloudFormationTemplate changed = template.With(fault.Plant);
            File.WriteAllText(Path.Combine(_folder.FullName, FileOf(fault)), changed.Root.ToJsonString());
            findings.Add(FileOf(fault), [.. CodeChecks.Run(changed)]);
        }

        string[] files = [good, .. Directory.EnumerateFiles(_folder.FullName)];
        foreach ((string file, Finding finding) in LinterReports.OfScript(linters.RunScript("lint.cjs", files)).Concat(LinterReports.OfGuard(linters.RunGuard(files))))
        {
            findings[file].Add(finding);
        }

        return findings;
    }
}
