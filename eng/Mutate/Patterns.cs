using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;
using static Microsoft.CodeAnalysis.CSharp.SyntaxKind;

namespace Mutate;

// What a pattern can be replaced by: one alternative or one demand less, the next constant, the bound moved by one.
internal static class Patterns
{
    public static IEnumerable<PatternSyntax> Of(PatternSyntax pattern, SemanticModel model)
    {
        switch (pattern)
        {
            case BinaryPatternSyntax binary:
                // Of a chain `a or b or c` each way but the last is a chain itself, and is left out below.
                return
                [
                    binary.Left, .. binary.Left.IsKind(binary.Kind()) ? (PatternSyntax[])[] : [binary.Right],
                    .. Of(binary.Left, model).Select(binary.WithLeft), .. Of(binary.Right, model).Select(binary.WithRight),
                ];
            case ParenthesizedPatternSyntax inner:
                return Of(inner.Pattern, model).Select(inner.WithPattern);
            case UnaryPatternSyntax negation:
                return [negation.Pattern, .. Of(negation.Pattern, model).Where(other => other is not DiscardPatternSyntax).Select(negation.WithPattern)];
            case ConstantPatternSyntax constant:
                return Expressions.OfConstant(constant.Expression, model).Select(constant.WithExpression);
            case RelationalPatternSyntax relational:
                return
                [
                    relational.WithOperatorToken(Token(OtherBound(relational.OperatorToken.Kind()))),
                    .. Expressions.OfConstant(relational.Expression, model).Select(relational.WithExpression),
                ];
            case RecursivePatternSyntax { PropertyPatternClause: { } clause } recursive:
                return OfProperties(clause, model).Select(changed => recursive.WithPropertyPatternClause(changed));
            default:
                return [];
        }
    }

    private static IEnumerable<PropertyPatternClauseSyntax> OfProperties(PropertyPatternClauseSyntax clause, SemanticModel model)
    {
        foreach (SubpatternSyntax property in clause.Subpatterns)
        {
            yield return clause.WithSubpatterns(SeparatedList(clause.Subpatterns.Where(other => other != property)));
            foreach (PatternSyntax changed in Of(property.Pattern, model))
            {
                yield return clause.WithSubpatterns(clause.Subpatterns.Replace(property, property.WithPattern(changed)));
            }
        }
    }

    private static SyntaxKind OtherBound(SyntaxKind token) => token switch
    {
        LessThanToken => LessThanEqualsToken,
        LessThanEqualsToken => LessThanToken,
        GreaterThanToken => GreaterThanEqualsToken,
        _ => GreaterThanToken,
    };
}
