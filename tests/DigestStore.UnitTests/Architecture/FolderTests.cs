using ArchUnitNET.Domain;
using ArchUnitNET.Fluent.Syntax.Elements.Types;
using ArchUnitNET.Loader;
using ArchUnitNET.xUnitV3;
using DigestStore.TestSupport;
using static ArchUnitNET.Fluent.ArchRuleDefinition;
using static ArchUnitNET.Fluent.Slices.SliceRuleDefinition;

namespace DigestStore.UnitTests.Architecture;

// Which folder of src/DigestStore may know what: docs/architecture.md. A namespace is a folder, but for public types, whose namespace is
// DigestStore wherever their file lies.
public sealed class FolderTests
{
    private const string Steps = "Storing|Reading|Delivery|History|Manifests|Copying|DeadLetters|Day|Doctor|Health|CloudWatch|Resilience|Hosting";

    private static readonly ArchUnitNET.Domain.Architecture Library = new ArchLoader().LoadAssemblies(typeof(DigestRepository).Assembly).Build();

    [Fact]
    public void No_two_folders_need_each_other() => Slices().Matching("DigestStore.(*)").Should().BeFreeOfCycles().Check(Library);

    // What is pure can be called anywhere, in any order, and tested without a clock.
    [Theory]
    [InlineData("Identity")]
    [InlineData("Quality")]
    [InlineData("Records")]
    [InlineData("Faults")]
    public void A_pure_folder_knows_no_task_and_no_clock(string folder) =>
        Check(In(folder), Outside(@"System\.(Threading\.(Tasks\.|CancellationToken|Timer)|TimeProvider|Diagnostics\.Stopwatch)"));

    [Theory]
    [InlineData("Identity", "DigestStore")]
    [InlineData("Quality", "DigestStore")]
    [InlineData("Records", @"DigestStore(\.Identity)?")]
    [InlineData("Table", @"DigestStore(\.(Identity|Records))?")]
    public void The_lowest_folders_know_only_what_lies_below_them(string folder, string below) =>
        Check(In(folder), Types(true).That().ResideInNamespaceMatching(@"^DigestStore(\.|$)").And().DoNotResideInNamespaceMatching($@"^({below}|DigestStore\.{folder})$"));

    // Neither the port nor what is under it knows what it is used for.
    [Theory]
    [InlineData("Table")]
    [InlineData("Records")]
    [InlineData("DynamoDb")]
    [InlineData("LocalTable")]
    public void No_adapter_and_no_record_depends_on_a_step(string folder) => Check(In(folder), In(Steps));

    // A table that is no DynamoDB needs none of its types above the port.
    [Fact]
    public void Only_the_adapter_the_records_and_what_is_about_DynamoDB_itself_know_the_SDK() =>
        Check(
            Types().That().ResideInNamespaceMatching(@"^DigestStore\.").And().DoNotResideInNamespaceMatching(@"^DigestStore\.(DynamoDb|LocalTable|Records|Hosting|Doctor)(\.|$)"),
            Outside(@"Amazon\."));

    // Whatever a request needs of the adapter goes through the port.
    [Fact]
    public void Only_what_chooses_a_table_and_what_is_about_DynamoDB_itself_know_the_adapter() =>
        Check(Types().That().ResideInNamespaceMatching(@"^DigestStore\.").And().DoNotResideInNamespaceMatching(@"^DigestStore\.(DynamoDb|LocalTable|Hosting|Doctor)(\.|$)"), In("DynamoDb"));

    // The replies of the port say which operation they belong to.
    [Theory]
    [InlineData("Storing")]
    [InlineData("Reading")]
    [InlineData("Day")]
    [InlineData("Delivery")]
    [InlineData("History")]
    [InlineData("Manifests")]
    [InlineData("Copying")]
    [InlineData("Resilience")]
    public void No_step_names_an_operation_of_DynamoDB(string folder) => Assert.All(
        Directory.EnumerateFiles(RepositoryFiles.PathOf($"src/DigestStore/{folder}"), "*.cs"),
        static file => Assert.DoesNotMatch("\"(Query|BatchGetItem|BatchWriteItem|UpdateItem)\"", File.ReadAllText(file)));

    [Fact]
    public void A_rule_that_is_broken_is_found()
    {
        Assert.Throws<FailedArchRuleException>(static () => Check(In("Storing"), Outside(@"System\.Threading\.Tasks\.")));
        Assert.Throws<FailedArchRuleException>(static () => Check(In("Storing"), In("Table")));
        Assert.Throws<FailedArchRuleException>(static () => Check(In("Hosting"), In("DynamoDb")));
        Assert.Throws<FailedArchRuleException>(static () => Check(In("DynamoDb"), Outside(@"Amazon\.")));
    }

    private static GivenTypesConjunction In(string folders) => Types().That().ResideInNamespaceMatching($@"^DigestStore\.({folders})(\.|$)");

    private static GivenTypesConjunction Outside(string names) => Types(true).That().HaveFullNameMatching($"^{names}");

    private static void Check(IObjectProvider<IType> these, IObjectProvider<IType> those) => Types().That().Are(these).Should().NotDependOnAny(those).Check(Library);
}
