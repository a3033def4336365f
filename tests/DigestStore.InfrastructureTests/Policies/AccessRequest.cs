namespace DigestStore.InfrastructureTests.Policies;

/// <summary>What AWS asks its policies about.</summary>
/// <param name="Principal">ARN of a role or user, or the name of a service such as <c>cloudwatch.amazonaws.com</c>.</param>
internal sealed record AccessRequest(string Principal, string Action, string Resource)
{
    /// <summary>Condition keys and their values; a key that is not there was not part of the request.</summary>
    public IReadOnlyDictionary<string, string[]> Context { get; private init; } = new Dictionary<string, string[]>();

    public AccessRequest With(string key, params string[] values) =>
        this with { Context = new Dictionary<string, string[]>(Context, StringComparer.OrdinalIgnoreCase) { [key] = values } };
}
