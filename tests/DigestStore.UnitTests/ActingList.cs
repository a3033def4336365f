using System.Collections;

namespace DigestStore.UnitTests;

// Tags of the caller's own making that do something when they are read; there are none of them.
internal sealed class ActingList(Action whenRead) : IReadOnlyList<string>
{
    public int Count
    {
        get
        {
            whenRead();
            return 0;
        }
    }

    public string this[int index] => throw new InvalidTimeZoneException();

    public IEnumerator<string> GetEnumerator() => throw new InvalidTimeZoneException();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
