using System.Net;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DigestStore.Benchmarks.Stub;

/// <summary>A certificate that the stub signs itself when it starts. Only the process that measures, and its children, trust it.</summary>
internal static partial class StubCertificate
{
    // .NET on Linux reads its root certificates from this file, if it is set.
    private const string TrustedFile = "SSL_CERT_FILE";

    public static X509Certificate2 Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=stub", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = DateTimeOffset.UtcNow;
        return request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
    }

    /// <summary>Has to be called before the process's first TLS connection, which reads the file.</summary>
    public static void Trust(string file)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("--tls works on Linux only, where a process can be told which certificates to trust. Leave it out.");
        }

        // Twice: .NET keeps a copy of the environment, which children inherit, and its native part reads the original.
        Environment.SetEnvironmentVariable(TrustedFile, file);
        _ = SetEnvironment(TrustedFile, file, 1);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int replaces);
}
