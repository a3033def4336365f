namespace DigestStore.Testing;

// The subject does not offer what a clause is about, so the clause does not apply to it.
internal sealed class MissingCapabilityException : Exception;
