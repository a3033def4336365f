using DigestStore.Calls;

namespace DigestStore.Copying;

// What a copy has cost so far, on each side.
internal sealed class CopyCosts
{
    public Side Source { get; } = new();

    public Side Target { get; } = new();

    internal sealed class Side
    {
        public StoreCost Cost { get; private set; }

        public void Add(CallScope scope) => Cost = new StoreCost
        {
            Requests = Cost.Requests + scope.Requests,
            Retries = Cost.Retries + scope.Retries,
            ReadUnits = Cost.ReadUnits + scope.ReadUnits,
            WriteUnits = Cost.WriteUnits + scope.WriteUnits,
        };
    }
}
