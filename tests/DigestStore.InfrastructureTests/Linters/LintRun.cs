using DigestStore.InfrastructureTests.Faults;
using DigestStore.InfrastructureTests.Running;
using DigestStore.InfrastructureTests.Template;
using DigestStore.TestSupport;

namespace DigestStore.InfrastructureTests.Linters;

/// <summary>The findings of all checks on the template and on every planted fault, made once for all tests.</summary>
public sealed class LintRun : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("digest-store-lint-");
    private readonly Lazy<Task<Dictionary<string, List<Finding>>>> _findings;

    public LintRun() => _findings = new(RunAsync);

    /// <summary>What the checks say about the template itself, accepted findings included.</summary>
    internal async Task<IReadOnlyList<Finding>> OfTemplateAsync() => (await _findings.Value)[Path.GetFileName(CloudFormationTemplate.Path)];

    /// <summary>The checks that a planted fault sets off and the template does not, sorted.</summary>
    internal async Task<IReadOnlyList<string>> CaughtByAsync(PlantedFault fault)
    {
        var known = (await OfTemplateAsync()).Select(static finding => (finding.Check, finding.Resource)).ToHashSet();
        return
        [
            .. (await _findings.Value)[FileOf(fault)]
                .Where(finding => !known.Contains((finding.Check, finding.Resource)))
                .Select(static finding => finding.Check)
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string FileOf(PlantedFault fault) => $"fault-{PlantedFaults.All.IndexOf(fault):000}.json";

    private async Task<Dictionary<string, List<Finding>>> RunAsync()
    {
        LinterFolder linters = LinterFolder.FindOrSkip();
        EmittedTelemetry emitted = await EmittedTelemetry.GetAsync();
        CloudFormationTemplate template = CloudFormationTemplate.Load();
        string good = RepositoryFiles.PathOf(CloudFormationTemplate.Path);
        var findings = new Dictionary<string, List<Finding>>(StringComparer.Ordinal) { [Path.GetFileName(good)] = [.. CodeChecks.Run(template, emitted)] };
        foreach (PlantedFault fault in PlantedFaults.All)
        {
            CloudFormationTemplate changed = template.With(fault.Plant);
            File.WriteAllText(Path.Combine(_folder.FullName, FileOf(fault)), changed.Root.ToJsonString());
            findings.Add(FileOf(fault), [.. CodeChecks.Run(changed, emitted)]);
        }

        string[] files = [good, .. Directory.EnumerateFiles(_folder.FullName)];
        string script = await linters.RunScriptAsync("lint.cjs", files);
        string guard = await linters.RunGuardAsync(files);
        foreach ((string file, Finding finding) in LinterReports.OfScript(script).Concat(LinterReports.OfGuard(guard)))
        {
            findings[file].Add(finding);
        }

        return findings;
    }
}
