using System.Text;
using DigestStore.DynamoDb;

namespace DigestStore.UnitTests.DynamoDb;

public sealed class Crc32Tests
{
    // The check value of https://reveng.sourceforge.io/crc-catalogue/17plus.htm#crc.cat.crc-32-iso-hdlc, and others of well-known texts.
    [Theory]
    [InlineData("", 0u)]
    [InlineData("123456789", 0xCBF43926u)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x414FA339u)]
    public void It_is_the_one_that_everybody_has(string text, uint checksum) => Assert.Equal(checksum, Crc32.Of(Encoding.ASCII.GetBytes(text)));
}
