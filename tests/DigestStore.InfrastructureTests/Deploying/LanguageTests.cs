using System.Diagnostics;
using System.Text.Json.Nodes;
using DigestStore.InfrastructureTests.Linters;
using DigestStore.InfrastructureTests.Table;
using DigestStore.InfrastructureTests.Template;
using DigestStore.TestSupport;

namespace DigestStore.InfrastructureTests.Deploying;

/// <summary>The same table in other languages than the template's.</summary>
public sealed class LanguageTests
{
    private static readonly TableSettings Template = TableSettings.Of(CloudFormationTemplate.Load());

    [Fact]
    public async Task The_Terraform_resources_make_the_template_s_table()
    {
        string json = await LinterFolder.FindOrSkip().RunScriptAsync("hcl2json.cjs", [RepositoryFiles.PathOf("infrastructure/terraform/digest-table.tf")]);

        Assert.Equal(Template, TableSettings.OfTerraform(JsonNode.Parse(json)!));
    }

    [Fact]
    public async Task The_CDK_stack_makes_the_template_s_table()
    {
        string program = CdkProgram();
        DirectoryInfo output = Directory.CreateTempSubdirectory("digest-store-cdk-");
        try
        {
            var start = new ProcessStartInfo("dotnet", [program, output.FullName]) { RedirectStandardError = true };
            start.Environment["JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION"] = "1";
            start.Environment["JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION"] = "1";
            using Process process = Process.Start(start)!;
            string errors = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 0, errors);

            var synthesised = CloudFormationTemplate.Parse(await File.ReadAllTextAsync(Path.Combine(output.FullName, "DigestStore.template.json")));
            Assert.Equal(Template, TableSettings.Of(synthesised));
        }
        finally
        {
            output.Delete(recursive: true);
        }
    }

    // test.sh builds it. The solution does not, since the package of the CDK alone has more than 200 MB.
    private static string CdkProgram()
    {
        LinterFolder.FindOrSkip();
        string? program = new[] { "Release", "Debug" }
            .Select(static configuration => RepositoryFiles.PathOf($"infrastructure/cdk/bin/{configuration}/net10.0/DigestStore.Cdk.dll"))
            .Where(File.Exists)
            .MaxBy(File.GetLastWriteTimeUtc);
        return program ?? throw new FileNotFoundException("The program of infrastructure/cdk is not built. Run ./test.sh, or 'dotnet build infrastructure/cdk'.");
    }
}
