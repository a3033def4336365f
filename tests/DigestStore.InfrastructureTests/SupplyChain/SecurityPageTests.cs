using System.Text.RegularExpressions;
using DigestStore.TestSupport;

namespace DigestStore.InfrastructureTests.SupplyChain;

public sealed partial class SecurityPageTests
{
    [Fact]
    public void What_proves_a_protection_is_there()
    {
        string[] named = [.. TestName().Matches(RepositoryFiles.TextOf("SECURITY.md")).Select(static match => match.Groups["name"].Value)];
        string[] there = [.. Directory.EnumerateFiles(RepositoryFiles.PathOf("tests"), "*Tests.cs", SearchOption.AllDirectories).Select(static file => Path.GetFileNameWithoutExtension(file))];

        Assert.NotEmpty(named);
        Assert.All(named, test => Assert.Contains(test, there));
    }

    [GeneratedRegex("`(?<name>[A-Za-z]+Tests)`", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex TestName();
}
