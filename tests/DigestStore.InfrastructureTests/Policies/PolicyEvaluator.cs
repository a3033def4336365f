namespace DigestStore.InfrastructureTests.Policies;

/// <summary>Whether a request is allowed: an explicit denial wins, and what nobody allows is not allowed.</summary>
internal static class PolicyEvaluator
{
    /// <summary>Asks the policies of the caller's own.</summary>
    public static bool Allows(this IReadOnlyList<PolicyStatement> identity, AccessRequest request) =>
        !identity.Any(statement => !statement.IsAllow && statement.IsAbout(request)) && identity.Any(statement => statement.IsAllow && statement.IsAbout(request));

    /// <summary>Asks the resource's policy too, which decides alone where it names the caller, and together with the caller's own where it names the account.</summary>
    public static bool Allows(this IReadOnlyList<PolicyStatement> identity, AccessRequest request, IReadOnlyList<PolicyStatement> resource)
    {
        string[] about = [.. resource.Where(statement => statement.IsAbout(request) && statement.IsAllow).SelectMany(static statement => statement.Principals)];
        bool isDenied = resource.Any(statement => !statement.IsAllow && statement.IsAbout(request) && statement.Principals.Any(Names)) ||
            identity.Any(statement => !statement.IsAllow && statement.IsAbout(request));
        return !isDenied && (about.Any(principal => Names(principal) && !IsAccount(principal)) || (about.Any(principal => IsAccount(principal) && Names(principal)) && identity.Allows(request)));

        bool Names(string principal) => principal == "*" || principal == request.Principal || (IsAccount(principal) && Account(principal) == Account(request.Principal));
    }

    private static bool IsAccount(string principal) => principal.EndsWith(":root", StringComparison.Ordinal);

    // arn:aws:iam::123456789012:role/writer
    private static string Account(string arn) => arn.Split(':') is [_, _, _, _, var account, ..] ? account : "";
}
