using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace DigestStore.InfrastructureTests.SupplyChain;

/// <summary>Paths that a compiler has left in its output.</summary>
internal static class SourcePaths
{
    /// <summary>Of the sources, by a portable PDB, which stores them in parts that a search for text misses.</summary>
    public static IReadOnlyList<string> Of(byte[] symbols)
    {
        using var stream = new MemoryStream(symbols);
        using MetadataReaderProvider provider = MetadataReaderProvider.FromPortablePdbStream(stream);
        MetadataReader reader = provider.GetMetadataReader();
        return [.. reader.Documents.Select(document => reader.GetString(reader.GetDocument(document).Name))];
    }

    /// <summary>Of the symbols, by an assembly.</summary>
    public static IReadOnlyList<string> SymbolFiles(byte[] assembly)
    {
        using var stream = new MemoryStream(assembly);
        using var reader = new PEReader(stream);
        return [.. reader.ReadDebugDirectory().Where(static entry => entry.Type == DebugDirectoryEntryType.CodeView).Select(entry => reader.ReadCodeViewDebugDirectoryData(entry).Path)];
    }
}
