using DigestStore.InfrastructureTests.Template;

namespace DigestStore.InfrastructureTests.Faults;

/// <summary>A mistake in the template that some check must catch.</summary>
/// <param name="Name">What is wrong, in words.</param>
/// <param name="Plant">Makes the mistake.</param>
/// <param name="Checks">Every check that catches it.</param>
internal sealed record PlantedFault(string Name, Action<CloudFormationTemplate> Plant, params string[] Checks)
{
    /// <summary>The check that finds a policy of topic, bucket or role that admits too much or too little.</summary>
    public const string Admitted = "code topic_bucket_and_role_admit_what_they_are_for_and_nothing_else";
}
