using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Mutate;

// Finds the mutants of a folder and compiles all that the compiler accepts into one library.
internal sealed class MutatedLibrary(Library library, string folder)
{
    private readonly List<Mutant> _all = [];
    private readonly HashSet<int> _refused = [];

    public IReadOnlyList<Mutant> Mutants => [.. _all.Where(mutant => !_refused.Contains(mutant.Id))];

    public int Refused => _refused.Count;

    public byte[] Build()
    {
        IReadOnlyList<SyntaxTree> files = library.FilesOf(folder);
        if (files.Count == 0)
        {
            throw new ArgumentException($"There is no source file in '{Path.Combine(library.Directory, folder)}'. Name a folder of the library, such as 'Storing'.");
        }

        List<Source> sources = [];
        foreach (SyntaxTree file in files)
        {
            var source = new Source(file, library.Compilation.GetSemanticModel(file), Path.GetRelativePath(library.Directory, file.FilePath).Replace('\\', '/'), _all.Count);
            _ = source.Weave(static _ => false, _all);
            sources.Add(source);
        }

        SyntaxTree switches = CSharpSyntaxTree.ParseText(SwitchSource.Text(_all.Count), (CSharpParseOptions)files[0].Options);
        CSharpCompilation withSwitches = library.Compilation.AddSyntaxTrees(switches);
        foreach (Source source in sources)
        {
            RefuseWhatDoesNotCompile(source, withSwitches);
        }

        // Ends: each round refuses at least one mutant more, or throws.
        while (true)
        {
            CSharpCompilation compilation = withSwitches;
            foreach (Source source in sources)
            {
                compilation = compilation.ReplaceSyntaxTree(source.File, source.Weave(id => !_refused.Contains(id), []));
            }

            List<Diagnostic> errors = [.. Library.Errors(compilation.GetDiagnostics())];
            if (errors.Count == 0)
            {
                return library.Emit(compilation);
            }

            int before = _refused.Count;
            errors.ForEach(RefuseWholeMember);
            if (_refused.Count == before)
            {
                throw new InvalidOperationException("No mutant is to blame for:\n" + string.Join('\n', errors));
            }
        }
    }

    // Each alone: an error tells where the compiler noticed it, which need not be in the mutant that caused it.
    private void RefuseWhatDoesNotCompile(Source source, CSharpCompilation withSwitches)
    {
        foreach (int id in Enumerable.Range(source.FirstId, source.Count))
        {
            SyntaxTree woven = source.Weave(other => other == id, []);
            SyntaxNode? member = woven.GetRoot().GetAnnotatedNodes(Weaver.Annotation).FirstOrDefault()?.FirstAncestorOrSelf<MemberDeclarationSyntax>();
            if (member is null || Library.Errors(withSwitches.ReplaceSyntaxTree(source.File, woven).GetSemanticModel(woven).GetDiagnostics(member.Span)).Any())
            {
                _refused.Add(id);
            }
        }
    }

    // Mutants that compile alone and not together.
    private void RefuseWholeMember(Diagnostic error)
    {
        SyntaxNode? place = error.Location.SourceTree?.GetRoot().FindNode(error.Location.SourceSpan);
        SyntaxNode? member = place?.FirstAncestorOrSelf<MemberDeclarationSyntax>();
        _refused.UnionWith((member?.GetAnnotatedNodes(Weaver.Annotation) ?? [])
            .SelectMany(node => node.GetAnnotations(Weaver.Annotation))
            .Select(mark => int.Parse(mark.Data!, CultureInfo.InvariantCulture)));
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
