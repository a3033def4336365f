using System.Text.Json;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Mutate;

// The library as the compiler sees it: the same sources, references and options as in the build, and the generated sources.
internal sealed class Library(string project, CSharpCompilation compilation, IEnumerable<ResourceDescription> resources)
{
    public string Directory { get; } = Path.GetDirectoryName(project)!;

    public CSharpCompilation Compilation { get; } = compilation;

    public string FileName => Compilation.AssemblyName + ".dll";

    public static Library Load(string project, string generated)
    {
        if (System.IO.Directory.Exists(generated))
        {
            System.IO.Directory.Delete(generated, recursive: true);
        }

        // The compiler creates no directory for the generated sources.
        _ = System.IO.Directory.CreateDirectory(generated);

        // The compile step is never up to date for this call, since one of its outputs never exists.
        string json = Tool.Run("dotnet", "msbuild", project, "-t:Compile", "-getItem:CscCommandLineArgs", "-p:Configuration=Release", "-p:ProvideCommandLineArgs=true",
            "-p:RunAnalyzers=false", "-p:EmitCompilerGeneratedFiles=true", $"-p:CompilerGeneratedFilesOutputPath={generated}", "-p:NonExistentFile=never-there");
        using JsonDocument items = JsonDocument.Parse(json[json.IndexOf('{', StringComparison.Ordinal)..]);
        IEnumerable<string> arguments = [.. items.RootElement.GetProperty("Items").GetProperty("CscCommandLineArgs").EnumerateArray().Select(item => item.GetProperty("Identity").GetString()!)];
        string directory = Path.GetDirectoryName(project)!;
        CSharpCommandLineArguments parsed = CSharpCommandLineParser.Default.Parse(arguments, directory, sdkDirectory: null);
        IEnumerable<string> files = [.. parsed.SourceFiles.Select(source => source.Path), .. System.IO.Directory.GetFiles(generated, "*.cs", SearchOption.AllDirectories)];
        var compilation = CSharpCompilation.Create(
            parsed.CompilationName,
            files.Select(file => Parse(file, parsed.ParseOptions)),
            parsed.MetadataReferences.Select(reference => MetadataReference.CreateFromFile(Path.Combine(directory, reference.Reference))),
            parsed.CompilationOptions.WithGeneralDiagnosticOption(ReportDiagnostic.Suppress).WithSpecificDiagnosticOptions(null));
        return new Library(project, compilation, parsed.ManifestResources);
    }

    public IReadOnlyList<SyntaxTree> FilesOf(string folder)
    {
        string path = Path.GetFullPath(Path.Combine(Directory, folder));
        SyntaxTree[] files = [.. Compilation.SyntaxTrees.Where(tree => tree.FilePath == path || tree.FilePath.StartsWith(path + Path.DirectorySeparatorChar, StringComparison.Ordinal)).OrderBy(tree => tree.FilePath, StringComparer.Ordinal)];
        return files.Length > 0 ? files : throw new ArgumentException($"There is no source file in '{path}'. Name a folder of the library or a file in it, such as 'Storing' or 'Storing/StoreLedger.cs'.");
    }

    public byte[] Emit(CSharpCompilation changed)
    {
        using var image = new MemoryStream();
        Microsoft.CodeAnalysis.Emit.EmitResult result = changed.Emit(image, manifestResources: resources);
        return result.Success ? image.ToArray() : throw new InvalidOperationException("The mutated library does not compile: " + string.Join('\n', Errors(result.Diagnostics)));
    }

    public static IEnumerable<Diagnostic> Errors(IEnumerable<Diagnostic> diagnostics) => diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

    private static SyntaxTree Parse(string file, CSharpParseOptions options) =>
        CSharpSyntaxTree.ParseText(SourceText.From(File.ReadAllText(file), System.Text.Encoding.UTF8), options, file);
}
