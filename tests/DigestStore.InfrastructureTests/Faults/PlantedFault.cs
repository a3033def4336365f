using DigestStore.InfrastructureTests.Template;

namespace DigestStore.InfrastructureTests.Faults;

/// <summary>A mistake in the template that some check must catch.</summary>
/// <param name="Name">What is wrong, in words.</param>
/// <param name="Plant">Makes the mistake.</param>
/// <param name="Checks">Every check that catches it.</param>
internal sealed record PlantedFault(string Name, Action<CloudFormationTemplate> Plant, params string[] Checks);
