using System.Collections;

namespace DigestStore.FaultTests;

/// <summary>An input that is no list: it may throw at one of its items, or when its enumerator is disposed of.</summary>
internal sealed class ModelSequence(IReadOnlyList<ModelItem> items, int? throwsAt, bool throwsAtEnd) : IEnumerable<DigestItem>
{
    public IEnumerator<DigestItem> GetEnumerator() => new Enumerator(items, throwsAt, throwsAtEnd);

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private sealed class Enumerator(IReadOnlyList<ModelItem> items, int? throwsAt, bool throwsAtEnd) : IEnumerator<DigestItem>
    {
        private int _index = -1;

        public DigestItem Current => items[_index].Item!;

        object IEnumerator.Current => Current;

        public bool MoveNext() => ++_index == throwsAt ? throw new ModelInputException() : _index < items.Count;

        public void Reset() => _index = -1;

        public void Dispose()
        {
            if (throwsAtEnd)
            {
                throw new IOException("the clean-up broke");
            }
        }
    }
}
