namespace DigestStore.FaultTests;

internal sealed record FaultProof(int Row, string Fault, string Promise, string Test);
