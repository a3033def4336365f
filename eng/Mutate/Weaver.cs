using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace Mutate;

// Writes every mutant into the code, behind a switch. A replacement is made of the original code, so switches are never nested in it.
internal sealed partial class Weaver(SemanticModel model, string file, int firstId, Func<int, bool> isWanted) : CSharpSyntaxRewriter
{
    public const string Annotation = "mutant";
    private readonly Dictionary<string, int> _occurrences = new(StringComparer.Ordinal);

    public List<Mutant> Mutants { get; } = [];

    public override SyntaxNode? Visit(SyntaxNode? node)
    {
        if (node is null || Places.IsLeftAlone(node, model))
        {
            return node;
        }

        SyntaxNode? woven = base.Visit(node);
        return (node, woven) switch
        {
            (ExpressionSyntax expression, ExpressionSyntax inner) when Places.CanSwitch(expression, model) => Switch(expression, inner),
            (StatementSyntax statement, StatementSyntax inner) => Switch(statement, inner),
            (MethodDeclarationSyntax { ExpressionBody: { } body }, MethodDeclarationSyntax { ExpressionBody: { } inner } method) when ReturnsVoid(node) =>
                method.WithExpressionBody(null).WithSemicolonToken(default).WithBody(Droppable(body.Expression, inner.Expression)),
            (LambdaExpressionSyntax { ExpressionBody: { } body }, LambdaExpressionSyntax { ExpressionBody: { } inner } lambda) when ReturnsVoid(node) =>
                lambda.WithExpressionBody(null).WithBlock(Droppable(body, inner)),
            (SwitchExpressionSyntax expression, SwitchExpressionSyntax inner) => WithArms(expression, inner),
            (CatchClauseSyntax clause, CatchClauseSyntax { Filter: null } inner) => Guarded(clause, inner),
            _ => woven,
        };
    }

    private ExpressionSyntax Switch(ExpressionSyntax original, ExpressionSyntax woven)
    {
        if (woven is SwitchExpressionSyntax inner && original is SwitchExpressionSyntax arms)
        {
            woven = WithArms(arms, inner);
        }

        ITypeSymbol? target = model.GetTypeInfo(original).ConvertedType;
        bool needsCast = target?.SpecialType is SpecialType.System_Byte or SpecialType.System_SByte or SpecialType.System_Char or SpecialType.System_Int16
            or SpecialType.System_UInt16 or SpecialType.System_UInt32 or SpecialType.System_UInt64;
        foreach (ExpressionSyntax replacement in Expressions.Of(original, model).Concat(Expressions.OfPlace(original, model)))
        {
            if (Add(original, original.ToString(), replacement.NormalizeWhitespace().ToString()) is { } mutant)
            {
                ExpressionSyntax choice = ParenthesizedExpression(ConditionalExpression(Is(mutant), ParenthesizedExpression(replacement), ParenthesizedExpression(woven)));
                woven = Marked(needsCast ? ParenthesizedExpression(CastExpression(ParseTypeName(target!.ToDisplayString()), choice)) : choice, mutant);
            }
        }

        return woven;
    }

    private StatementSyntax Switch(StatementSyntax original, StatementSyntax woven)
    {
        foreach (StatementSyntax replacement in Statements.Of(original))
        {
            if (Add(original, original.ToString(), replacement is BlockSyntax ? "(nothing)" : replacement.NormalizeWhitespace().ToString()) is { } mutant)
            {
                woven = Marked(IfStatement(Is(mutant), Block(replacement), ElseClause(Block(woven))), mutant);
            }
        }

        return woven;
    }

    // An action written as `=> Act()` can be left out as well.
    private BlockSyntax Droppable(ExpressionSyntax original, ExpressionSyntax woven)
    {
        StatementSyntax action = ExpressionStatement(woven);
        return Block(Add(original, original.ToString(), "(nothing)") is { } mutant ? Marked(IfStatement(Not(mutant), Block(action)), mutant) : action);
    }

    private CatchClauseSyntax Guarded(CatchClauseSyntax original, CatchClauseSyntax woven) =>
        original.Declaration is { } caught && Add(original, $"catch ({caught.Type})", "(not caught)") is { } mutant
            ? Marked(woven.WithFilter(CatchFilterClause(Not(mutant))), mutant)
            : woven;

    // An arm is left out, or has another pattern: the changed one stands before it, and only one of both is there at a time.
    private SwitchExpressionSyntax WithArms(SwitchExpressionSyntax original, SwitchExpressionSyntax woven)
    {
        List<SwitchExpressionArmSyntax> arms = [];
        foreach ((SwitchExpressionArmSyntax before, SwitchExpressionArmSyntax inner) in original.Arms.Zip(woven.Arms))
        {
            SwitchExpressionArmSyntax arm = inner;
            if (before.Pattern is not (DiscardPatternSyntax or VarPatternSyntax))
            {
                if (Add(before, before.ToString(), "(no such arm)") is { } absent)
                {
                    arm = Marked(arm.WithWhenClause(And(Not(absent), arm.WhenClause)), absent);
                }

                foreach (PatternSyntax pattern in Patterns.Of(before.Pattern, model))
                {
                    if (Add(before, before.Pattern.ToString(), pattern.NormalizeWhitespace().ToString()) is { } changed)
                    {
                        arms.Add(Marked(before.WithPattern(pattern).WithWhenClause(And(Is(changed), before.WhenClause)), changed));
                        arm = Marked(arm.WithWhenClause(And(Not(changed), arm.WhenClause)), changed);
                    }
                }
            }

            arms.Add(arm);
        }

        return woven.WithArms(SeparatedList(arms));
    }

    private int? Add(SyntaxNode original, string text, string replacement)
    {
        string before = OneLine(text);
        string after = OneLine(replacement);
        string member = Places.MemberOf(original);
        string key = $"{member}|{before}|{after}";
        int occurrence = _occurrences[key] = _occurrences.GetValueOrDefault(key) + 1;
        int id = firstId + Mutants.Count;
        Mutants.Add(new Mutant(id, file, original.GetLocation().GetLineSpan().StartLinePosition.Line + 1, member, before, after, occurrence));
        return isWanted(id) ? id : null;
    }

    private bool ReturnsVoid(SyntaxNode node) =>
        ((node is LambdaExpressionSyntax ? model.GetSymbolInfo(node).Symbol : model.GetDeclaredSymbol(node)) as IMethodSymbol)?.ReturnsVoid == true;

    // As somebody would write it: on one line, and without the namespace of a type.
    private static string OneLine(string text)
    {
        string line = string.Join(' ', text.Split((char[])[' ', '\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries)).Replace("default !", "default!", StringComparison.Ordinal);
        line = Namespaces().Replace(line, "");
        return line.Length <= 160 ? line : line[..157] + "...";
    }

    [GeneratedRegex(@"global::(\w+\.)*(?=\w+\.\w)")]
    private static partial Regex Namespaces();

    private static T Marked<T>(T node, int mutant)
        where T : SyntaxNode => node.WithAdditionalAnnotations(new SyntaxAnnotation(Annotation, $"{mutant}"));

    private static ExpressionSyntax Is(int mutant) => ParseExpression($"global::{SwitchSource.TypeName}.Is({mutant})");

    private static PrefixUnaryExpressionSyntax Not(int mutant) => PrefixUnaryExpression(SyntaxKind.LogicalNotExpression, Is(mutant));

    private static WhenClauseSyntax And(ExpressionSyntax condition, WhenClauseSyntax? more) => WhenClause(
        more is null ? condition : BinaryExpression(SyntaxKind.LogicalAndExpression, condition, ParenthesizedExpression(more.Condition)));
}
