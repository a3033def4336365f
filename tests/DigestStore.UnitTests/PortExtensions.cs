using DigestStore.Records;
using DigestStore.Table;

namespace DigestStore.UnitTests;

// Requests of the port as the tests ask about them.
internal static class PortExtensions
{
    extension(LookupRequest request)
    {
        public bool WithHeader => request.Keys.Any(static key => key.SortKey == RecordKeys.Header);

        public IReadOnlyList<RecordKey> ItemKeys => [.. request.Keys.Where(static key => key.SortKey != RecordKeys.Header)];
    }

    extension(ItemPut put)
    {
        // The content of a put that a store call has made.
        public CleanItem Content => ((ItemWrite)put).Content;
    }

    extension(RecordUpdate update)
    {
        // What it sets the attribute to, or adds to it; null where it does neither.
        public Scalar? ValueOf(string name) => update.Changes.FirstOrDefault(change => change.Name == name) switch
        {
            AttributeChange.Set set => set.Value,
            AttributeChange.Add add => add.Number,
            _ => default(Scalar?),
        };
    }
}
