using System.Text;
using DigestStore.Records;

namespace DigestStore.UnitTests.Records;

public sealed class KeyOrderTests
{
    private static readonly string[] Keys =
        ["", "A", "ITEM#", "ITEM#a", "a", "a\0", "aa", "é", "\u2603", "\uD7FF", "\uE000", "\uFF5E", "\uFFFF", "\U00010000", "\U0001F600", "\U0001F600\uFFFF", "\U0001F600\U0001F600", "\U0001F601", "\U0010FFFF"];

    [Fact]
    public void Keys_are_ordered_as_their_bytes_are()
    {
        foreach (string left in Keys)
        {
            foreach (string right in Keys)
            {
                int ofBytes = Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right));
                Assert.Equal(Math.Sign(ofBytes), Math.Sign(KeyOrder.Compare(left, right)));
            }
        }
    }
}
