using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Mutate;

// Finds the mutants of some folders and compiles all that the compiler accepts into one library.
internal sealed class MutatedLibrary(Library library, IReadOnlyList<string> folders, int sample)
{
    private readonly List<Mutant> _all = [];
    private readonly HashSet<int> _refused = [];
    private readonly HashSet<int> _notChosen = [];

    public IReadOnlyList<Mutant> Mutants => [.. _all.Where(mutant => IsWanted(mutant.Id))];

    public int Refused => _refused.Count;

    private bool IsWanted(int id) => !_refused.Contains(id) && !_notChosen.Contains(id);

    public byte[] Build()
    {
        List<Source> sources = [];
        foreach (string folder in folders)
        {
            int first = _all.Count;
            foreach (SyntaxTree file in library.FilesOf(folder))
            {
                var source = new Source(file, library.Compilation.GetSemanticModel(file), Path.GetRelativePath(library.Directory, file.FilePath).Replace('\\', '/'), _all.Count);
                _ = source.Weave(static _ => false, _all);
                sources.Add(source);
            }

            // A sample is spread evenly over the folder.
            int every = Math.Max(1, (_all.Count - first) / sample);
            _notChosen.UnionWith(Enumerable.Range(first, _all.Count - first).Where(id => (id - first) % every != 0));
        }

        SyntaxTree switches = CSharpSyntaxTree.ParseText(SwitchSource.Text(_all.Count), (CSharpParseOptions)sources[0].File.Options);
        CSharpCompilation withSwitches = library.Compilation.AddSyntaxTrees(switches);
        // Members with errors are looked at mutant by mutant, since an error is told where it shows, which need not be in the mutant that caused it.
        HashSet<int> suspects = [.. Errors(sources, withSwitches, out _).SelectMany(MutantsAround)];
        foreach (Source source in sources)
        {
            _refused.UnionWith(suspects.Where(id => id >= source.FirstId && id < source.FirstId + source.Count && !CompilesAlone(source, id, withSwitches)));
        }

        // Ends: each round refuses at least one mutant more, or throws.
        while (Errors(sources, withSwitches, out CSharpCompilation compilation) is var errors)
        {
            if (errors.Count == 0)
            {
                return library.Emit(compilation);
            }

            int before = _refused.Count;
            _refused.UnionWith(errors.SelectMany(MutantsAround));
            if (_refused.Count == before)
            {
                break;
            }
        }

        throw new InvalidOperationException("The folders do not compile, and no mutant is to blame:\n" + string.Join('\n', Errors(sources, withSwitches, out _)));
    }

    private List<Diagnostic> Errors(List<Source> sources, CSharpCompilation withSwitches, out CSharpCompilation compilation)
    {
        compilation = withSwitches;
        foreach (Source source in sources)
        {
            compilation = compilation.ReplaceSyntaxTree(source.File, source.Weave(IsWanted, []));
        }

        return [.. Library.Errors(compilation.GetDiagnostics())];
    }

    private static bool CompilesAlone(Source source, int id, CSharpCompilation withSwitches)
    {
        SyntaxTree woven = source.Weave(other => other == id, []);
        SyntaxNode? member = woven.GetRoot().GetAnnotatedNodes(Weaver.Annotation).FirstOrDefault()?.FirstAncestorOrSelf<MemberDeclarationSyntax>();
        return member is not null && !Library.Errors(withSwitches.ReplaceSyntaxTree(source.File, woven).GetSemanticModel(woven).GetDiagnostics(member.Span)).Any();
    }

    private static IEnumerable<int> MutantsAround(Diagnostic error)
    {
        SyntaxNode? place = error.Location.SourceTree?.GetRoot().FindNode(error.Location.SourceSpan);
        return (place?.FirstAncestorOrSelf<MemberDeclarationSyntax>()?.GetAnnotatedNodes(Weaver.Annotation) ?? [])
            .SelectMany(node => node.GetAnnotations(Weaver.Annotation))
            .Select(mark => int.Parse(mark.Data!, CultureInfo.InvariantCulture));
    }

    private sealed class Source(SyntaxTree file, SemanticModel model, string name, int firstId)
    {
        public SyntaxTree File => file;

        public int FirstId => firstId;

        public int Count { get; private set; }

        public SyntaxTree Weave(Func<int, bool> isWanted, List<Mutant> found)
        {
            var weaver = new Weaver(model, name, firstId, isWanted);
            SyntaxNode root = weaver.Visit(file.GetRoot())!;
            found.AddRange(weaver.Mutants);
            Count = weaver.Mutants.Count;
            return file.WithRootAndOptions(root, file.Options);
        }
    }
}
