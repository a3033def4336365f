using System.Security.Cryptography;
using System.Text;
using static DigestStore.UnitTests.Identity.RuleSets;

namespace DigestStore.UnitTests.Identity;

public sealed class HostNameTests
{
    // The samples of RFC 3492 §7.1 that are host names, and names in use.
    [Theory]
    [InlineData("\u0644\u064A\u0647\u0645\u0627\u0628\u062A\u0643\u0644\u0645\u0648\u0634\u0639\u0631\u0628\u064A\u061F", "xn--egbpdaj6bu4bxfgehfvwxn")]
    [InlineData("\u4ED6\u4EEC\u4E3A\u4EC0\u4E48\u4E0D\u8BF4\u4E2D\u6587", "xn--ihqwcrb4cv8a8dqg056pqjye")]
    [InlineData("Pro\u010Dprost\u011Bnemluv\u00ED\u010Desky", "xn--proprostnemluvesky-uyb24dma41a")]
    [InlineData("\u05DC\u05DE\u05D4\u05D4\u05DD\u05E4\u05E9\u05D5\u05D8\u05DC\u05D0\u05DE\u05D3\u05D1\u05E8\u05D9\u05DD\u05E2\u05D1\u05E8\u05D9\u05EA", "xn--4dbcagdahymbxekheh6e0a7fei0b")]
    [InlineData("\u043F\u043E\u0447\u0435\u043C\u0443\u0436\u0435\u043E\u043D\u0438\u043D\u0435\u0433\u043E\u0432\u043E\u0440\u044F\u0442\u043F\u043E\u0440\u0443\u0441\u0441\u043A\u0438", "xn--b1abfaaepdrnnbgefbadotcwatmq2g4l")]
    [InlineData("3\u5E74B\u7D44\u91D1\u516B\u5148\u751F", "xn--3b-ww4c5e180e575a65lsy2b")]
    [InlineData("\u305D\u306E\u30B9\u30D4\u30FC\u30C9\u3067", "xn--d9juau41awczczp")]
    [InlineData("b\u00fccher.example", "xn--bcher-kva.example")]
    [InlineData("B\u00DCCHER.Example", "xn--bcher-kva.example")]
    [InlineData("b%C3%BCcher.example", "xn--bcher-kva.example")]
    [InlineData("\u4f8b\u3048\u3002\u30c6\u30b9\u30c8", "xn--r8jz45g.xn--zckzah")]
    [InlineData("\u043c\u0432\u0434.\u0440\u0444", "xn--b1aew.xn--p1ai")]
    [InlineData("\u041c\u0412\u0414.\u0420\u0424", "xn--b1aew.xn--p1ai")]
    [InlineData("eb\u0430y.com", "xn--eby-7cd.com")]
    [InlineData("fa\u00df.de", "xn--fa-hia.de")]
    [InlineData("\U0001f4a9.la", "xn--ls8h.la")]
    [InlineData("\uff27\uff4f.com", "go.com")]
    [InlineData("GOO\u200b\u2060\ufeffgoo.com", "googoo.com")]
    [InlineData("XN--Bcher-KVA.example", "xn--bcher-kva.example")]
    [InlineData("my_host.-a.example", "my_host.-a.example")]
    [InlineData("%65xample%2Ecom", "example.com")]
    [InlineData("foo.09..", "foo.09..")]
    [InlineData("192.168.0.1", "192.168.0.1")]
    [InlineData("00.00.00.00", "00.00.00.00")]
    public void A_name_is_written_in_lower_case_a_labels(string host, string expected) =>
        Assert.Equal($"https://{expected}/", Canonical($"https://{host}/", AllOff));

    [Theory]
    [InlineData("[0:0:0:0:0:0:0:1]", "[::1]")]
    [InlineData("[::]", "[::]")]
    [InlineData("[2001:DB8:0:0:1:0:0:1]", "[2001:db8::1:0:0:1]")]
    [InlineData("[2001:db8:0:1:1:1:1:1]", "[2001:db8:0:1:1:1:1:1]")]
    [InlineData("[1::0002]", "[1::2]")]
    [InlineData("[1:2:3:4:5:6:7::]", "[1:2:3:4:5:6:7:0]")]
    [InlineData("[1:0:0:0:0:0:0:0]", "[1::]")]
    [InlineData("[::ffff:192.168.0.1]", "[::ffff:c0a8:1]")]
    [InlineData("[1:2:3:4:5:6:1.2.3.4]:8443", "[1:2:3:4:5:6:102:304]:8443")]
    public void An_ipv6_address_has_one_form(string host, string expected) =>
        Assert.Equal($"https://{expected}/", Canonical($"https://{host}/", AllOff));

    [Theory]
    [InlineData("[]")]
    [InlineData("[:]")]
    [InlineData("[:::]")]
    [InlineData("[::g]")]
    [InlineData("[1::2::3]")]
    [InlineData("[1:2:3:4:5:6:7]")]
    [InlineData("[1:2:3:4:5:6:7:8:9]")]
    [InlineData("[1:2:3:4:5:6:7:8::]")]
    [InlineData("[12345::]")]
    [InlineData("[::00001]")]
    [InlineData("[1:2:3:4:5:6:1.2.3.4.5]")]
    [InlineData("[::1.2.3]")]
    [InlineData("[::1.2.3.256]")]
    [InlineData("[::01.2.3.4]")]
    [InlineData("[1.2.3.4::]")]
    [InlineData("[::1.2.3.4:5]")]
    [InlineData("[0:1:2:3:4:5:6:7.0.0.1]")]
    [InlineData("[fe80::1%25eth0]")]
    [InlineData("[v1.a]")]
    [InlineData("[::1")]
    [InlineData("::1]")]
    [InlineData("[::1]a")]
    [InlineData("[::1]:8o")]
    [InlineData("[ ::1]")]
    public void A_broken_ipv6_address_is_malformed(string host) =>
        Assert.Equal(StoreProblemReason.UrlMalformed, Defect($"https://{host}/"));

    // Run with DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 as well: the answer is that without ICU.
    [Fact]
    public void The_mapping_of_every_character_is_frozen()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int value = 0x21; value <= 0x10FFFF; value++)
        {
            if (Rune.IsValid(value))
            {
                hash.AppendData(Encoding.ASCII.GetBytes($"{value:x} {Canonical($"https://a{new Rune(value)}.example/", AllOff)}\n"));
            }
        }

        Assert.Equal("43d1d6a8848b1fc7", Convert.ToHexStringLower(hash.GetHashAndReset())[..16]);
    }
}
