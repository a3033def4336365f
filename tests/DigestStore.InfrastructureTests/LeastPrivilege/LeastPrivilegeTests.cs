using System.Reflection;
using System.Text.Json.Nodes;
using DigestStore.TestSupport;

namespace DigestStore.InfrastructureTests.LeastPrivilege;

/// <summary>The policies of the template allow what the library asks of the table, by the recording of all test projects, and nothing else of it.</summary>
public sealed class LeastPrivilegeTests
{
    public static TheoryData<string> Policies => [LibraryMethod.Reader, LibraryMethod.Writer, LibraryMethod.Operator];

    public static TheoryData<string> Methods => [.. LibraryMethod.All.Select(static method => method.Name)];

    [Fact]
    public void What_the_test_projects_have_recorded_is_what_is_committed()
    {
        if (RecordedRequests.MayUpdate && RecordedRequests.Recorded.Count > 0)
        {
            RecordedRequests.Commit();
        }

        // Without a recording all tests here judge what is committed.
        IReadOnlyList<TableRequest> recorded = RecordedRequests.Current;
        IReadOnlyList<TableRequest> committed = RecordedRequests.Committed;
        Assert.True(
            recorded.SequenceEqual(committed),
            $"""
            The library's requests differ from {RecordedRequests.Path}.
            Recorded and not there: {Lines(recorded.Except(committed))}
            There and not recorded: {Lines(committed.Except(recorded))} (is another test project of this run broken?)
            If this is meant, grow the policies in infrastructure/digest-store.yaml, then write the recording and docs/roles.md anew: {RecordedRequests.UpdateVariable}=1 ./test.sh
            """);
    }

    [Fact]
    public void Every_process_that_uses_the_library_has_recorded() => Assert.Empty(RecordedRequests.Silent(RecordedRequests.Files));

    [Fact]
    public void A_recording_that_was_asked_for_and_is_not_there_is_missed()
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("digest-store-recordings-");
        try
        {
            Assert.Null(RecordedRequests.FilesIn(""));
            Assert.Empty(RecordedRequests.Silent(null));
            string[] silent = [.. RecordedRequests.Silent(RecordedRequests.FilesIn(Path.Combine(directory.FullName, "none")))];
            Assert.Contains("DigestStore.UnitTests", silent);
            Assert.Equal(silent, RecordedRequests.Silent(RecordedRequests.FilesIn(directory.FullName)));

            File.WriteAllText(Path.Combine(directory.FullName, $"DigestStore.UnitTests-1{TableRequest.FileExtension}"), "");
            Assert.Equal(silent.Except(["DigestStore.UnitTests"]), RecordedRequests.Silent(RecordedRequests.FilesIn(directory.FullName)));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void Every_recorded_request_is_of_a_public_method()
    {
        TableRequest[] unknown = [.. RecordedRequests.Current.Where(static request => request.Caller != LibraryMethod.FurtherPages && !LibraryMethod.All.Any(method => method.Made(request)))];
        Assert.True(unknown.Length == 0, $"Nobody knows which public method asks for {Lines(unknown)}. Add it to {nameof(LibraryMethod)}.{nameof(LibraryMethod.All)}, and give its calls a span with digeststore.operation.");
    }

    [Fact]
    public void Further_pages_ask_for_what_the_first_one_does()
    {
        string[] first = [.. LibraryMethod.All.Where(static method => method.Caller is "read" or "list_days" or "read_days" or "find_all").SelectMany(static method => method.Requests).Select(Asked)];
        Assert.All(RecordedRequests.Current.Where(static request => request.Caller == LibraryMethod.FurtherPages), request => Assert.Contains(Asked(request), first));
    }

    [Fact]
    public void Every_asynchronous_method_of_the_library_is_known()
    {
        IEnumerable<string> methods =
            from type in typeof(DigestRepository).Assembly.GetExportedTypes()
            from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            where IsAsynchronous(method.ReturnType) && !(type.IsClass && type.GetInterfaces().Any(role => LibraryMethod.All.Any(known => known.Member.StartsWith($"{role.Name}.", StringComparison.Ordinal)) && role.GetMethod(method.Name, [.. method.GetParameters().Select(static parameter => parameter.ParameterType)]) is not null))
            select $"{type.Name}.{method.Name}";

        // A health check is no method of the library's own surface.
        Assert.Equal(
            LibraryMethod.All.Select(static method => method.Member).Distinct().Except(["IHealthChecksBuilder.AddDigestStore"]).Concat(LibraryMethod.WithoutRequests).Order(StringComparer.Ordinal),
            methods.Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Every_role_that_is_meant_to_call_a_method_may_make_its_requests(string method)
    {
        LibraryMethod called = LibraryMethod.All.Single(one => one.Name == method);

        Assert.NotEmpty(called.Requests);
        Assert.All(called.Roles, policy => Assert.All(called.Requests, request => Assert.True(Role.With(policy).May(request), $"{policy} does not allow {request}, which {method} needs.")));
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void A_role_may_do_nothing_that_its_methods_do_not_ask_for(string policy) => Assert.Equal(Needed(policy), Role.With(policy).Grants);

    [Theory]
    [InlineData("dynamodb:PutItem", "arn:aws:dynamodb:eu-central-1:123456789012:table/invoices")]
    [InlineData("sts:AssumeRole", "arn:aws:iam::123456789012:role/admin")]
    [InlineData("kms:Encrypt", "arn:aws:kms:eu-central-1:123456789012:key/id-of-TableKey")]
    public void A_statement_that_no_method_asks_for_is_found_whatever_it_is_about(string action, string resource)
    {
        var role = Role.With(LibraryMethod.Reader, document => document["Statement"]!.AsArray().Add(new JsonObject { ["Effect"] = "Allow", ["Action"] = action, ["Resource"] = resource }));

        Assert.Equal([$"{action} {resource}"], role.Grants.Except(Needed(LibraryMethod.Reader)));
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void A_role_has_no_wildcard_and_uses_the_key_through_DynamoDB_for_this_table_alone(string policy)
    {
        Role role = Role.With(policy);

        Assert.All(role.Statements, static statement =>
        {
            Assert.True(statement.IsAllow, $"{statement.Sid} denies what nobody allows.");
            Assert.DoesNotContain(statement.Actions.Concat(statement.Resources), static text => text.Contains('*', StringComparison.Ordinal) || text.Contains('?', StringComparison.Ordinal));
        });
        Assert.Equal(["kms:Decrypt"], role.Statements.SelectMany(static statement => statement.Actions).Where(static action => action.StartsWith("kms:", StringComparison.Ordinal)));
        Assert.True(role.MayUseKey(role.ThroughTable("kms:Decrypt", Role.Key)));
    }

    // What the methods ask of DynamoDB, and the key with which it opens the table for them.
    private static IEnumerable<string> Needed(string policy) =>
        LibraryMethod.All.Where(method => method.Roles.Contains(policy)).SelectMany(static method => method.Requests).Select(static request => $"dynamodb:{request.Action} {Role.ArnOf(request)}")
            .Append($"kms:Decrypt {Role.Key}").Distinct().Order(StringComparer.Ordinal);

    private static string Asked(TableRequest request) => $"{request.Action} {request.Resource}";

    private static string Lines(IEnumerable<TableRequest> requests) => string.Join(", ", requests) is { Length: > 0 } lines ? lines : "nothing";

    private static bool IsAsynchronous(Type type) =>
        type == typeof(Task) || type == typeof(ValueTask) ||
        (type.IsGenericType && type.GetGenericTypeDefinition() is var open && (open == typeof(Task<>) || open == typeof(ValueTask<>) || open == typeof(IAsyncEnumerable<>)));
}
