using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;
using static Microsoft.CodeAnalysis.CSharp.SyntaxKind;

namespace Mutate;

// What an expression can be replaced by. What does not compile is sorted out later, by the compiler.
internal static class Expressions
{
    private static readonly Dictionary<SyntaxKind, SyntaxKind[]> Operators = new()
    {
        [LessThanExpression] = [LessThanOrEqualExpression, GreaterThanOrEqualExpression],
        [LessThanOrEqualExpression] = [LessThanExpression, GreaterThanExpression],
        [GreaterThanExpression] = [GreaterThanOrEqualExpression, LessThanOrEqualExpression],
        [GreaterThanOrEqualExpression] = [GreaterThanExpression, LessThanExpression],
        [EqualsExpression] = [NotEqualsExpression],
        [NotEqualsExpression] = [EqualsExpression],
        [AddExpression] = [SubtractExpression],
        [SubtractExpression] = [AddExpression],
        [MultiplyExpression] = [DivideExpression],
        [DivideExpression] = [MultiplyExpression],
        [ModuloExpression] = [MultiplyExpression],
        [BitwiseAndExpression] = [BitwiseOrExpression],
        [BitwiseOrExpression] = [BitwiseAndExpression],
        [ExclusiveOrExpression] = [BitwiseAndExpression],
        [LeftShiftExpression] = [RightShiftExpression],
        [RightShiftExpression] = [LeftShiftExpression],
    };

    private static readonly Dictionary<string, string> Methods = new(StringComparer.Ordinal)
    {
        ["Min"] = "Max", ["Max"] = "Min", ["First"] = "Last", ["Last"] = "First", ["FirstOrDefault"] = "LastOrDefault", ["LastOrDefault"] = "FirstOrDefault",
        ["Any"] = "All", ["All"] = "Any", ["StartsWith"] = "EndsWith", ["EndsWith"] = "StartsWith", ["IndexOf"] = "LastIndexOf", ["LastIndexOf"] = "IndexOf",
        ["OrderBy"] = "OrderByDescending", ["OrderByDescending"] = "OrderBy", ["Floor"] = "Ceiling", ["Ceiling"] = "Floor",
    };

    private static readonly HashSet<string> Removable =
        ["Where", "Distinct", "DistinctBy", "Skip", "Take", "Order", "OrderBy", "Reverse", "Trim", "TrimStart", "TrimEnd", "ToLowerInvariant", "ToUpperInvariant"];

    public static IEnumerable<ExpressionSyntax> Of(ExpressionSyntax expression, SemanticModel model) => expression switch
    {
        BinaryExpressionSyntax binary => OfBinary(binary),
        PrefixUnaryExpressionSyntax { RawKind: (int)LogicalNotExpression or (int)UnaryMinusExpression or (int)BitwiseNotExpression } unary => [unary.Operand],
        PrefixUnaryExpressionSyntax { RawKind: (int)PreIncrementExpression } unary => [PrefixUnaryExpression(PreDecrementExpression, unary.Operand)],
        PrefixUnaryExpressionSyntax { RawKind: (int)PreDecrementExpression } unary => [PrefixUnaryExpression(PreIncrementExpression, unary.Operand)],
        PostfixUnaryExpressionSyntax { RawKind: (int)PostIncrementExpression } unary => [PostfixUnaryExpression(PostDecrementExpression, unary.Operand)],
        PostfixUnaryExpressionSyntax { RawKind: (int)PostDecrementExpression } unary => [PostfixUnaryExpression(PostIncrementExpression, unary.Operand)],
        ConditionalExpressionSyntax conditional => [conditional.WhenTrue, conditional.WhenFalse],
        IsPatternExpressionSyntax match => Patterns.Of(match.Pattern, model).Select(match.WithPattern),
        InvocationExpressionSyntax call => OfCall(call),
        _ => OfConstant(expression, model),
    };

    // What stands where the value decides something on its own: a condition, a value handed back, a property set, a number handed on.
    public static IEnumerable<ExpressionSyntax> OfPlace(ExpressionSyntax expression, SemanticModel model)
    {
        bool isSimple = expression is InvocationExpressionSyntax or IsPatternExpressionSyntax or MemberAccessExpressionSyntax or IdentifierNameSyntax or AwaitExpressionSyntax;
        ITypeSymbol? type = model.GetTypeInfo(expression).Type;
        bool isConstant = model.GetConstantValue(expression).HasValue;
        switch (expression.Parent)
        {
            case IfStatementSyntax or WhenClauseSyntax or CatchFilterClauseSyntax when !isConstant:
                return [LiteralExpression(TrueLiteralExpression), LiteralExpression(FalseLiteralExpression)];
            case WhileStatementSyntax or ForStatementSyntax when !isConstant && type?.SpecialType == SpecialType.System_Boolean:
                return [LiteralExpression(FalseLiteralExpression)];
            case ReturnStatementSyntax or ArrowExpressionClauseSyntax or LambdaExpressionSyntax when isSimple && type?.SpecialType == SpecialType.System_Boolean:
                return [LiteralExpression(TrueLiteralExpression), LiteralExpression(FalseLiteralExpression)];
            case AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax } when isSimple && !isConstant:
                return [PostfixUnaryExpression(SuppressNullableWarningExpression, LiteralExpression(DefaultLiteralExpression))];
            case ArgumentSyntax { RefKindKeyword.RawKind: 0 } when isSimple && !isConstant && type?.SpecialType is SpecialType.System_Int32 or SpecialType.System_Int64:
                return [LiteralExpression(NumericLiteralExpression, Literal(0))];
            default:
                return [];
        }
    }

    private static IEnumerable<ExpressionSyntax> OfBinary(BinaryExpressionSyntax binary)
    {
        switch (binary.Kind())
        {
            case LogicalAndExpression or LogicalOrExpression:
                return [binary.Left, binary.Right];
            case CoalesceExpression:
                return [PostfixUnaryExpression(SuppressNullableWarningExpression, ParenthesizedExpression(binary.Left)), binary.Right];
            default:
                // A condition of its own is also tried as true and as false: its opposite would add nothing.
                bool isCondition = binary.Parent is IfStatementSyntax or WhenClauseSyntax or ConditionalExpressionSyntax;
                IEnumerable<SyntaxKind> others = Operators.GetValueOrDefault(binary.Kind()) ?? [];
                bool isComparison = binary.Kind() is LessThanExpression or LessThanOrEqualExpression or GreaterThanExpression or GreaterThanOrEqualExpression;
                return (isCondition && isComparison ? others.Take(1) : others).Select(kind => BinaryExpression(kind, binary.Left, binary.Right));
        }
    }

    private static IEnumerable<ExpressionSyntax> OfCall(InvocationExpressionSyntax call)
    {
        if (call.Expression is not MemberAccessExpressionSyntax { Name: { } name } access)
        {
            yield break;
        }

        if (Methods.TryGetValue(name.Identifier.Text, out string? other))
        {
            yield return call.WithExpression(access.WithName(name is GenericNameSyntax generic ? generic.WithIdentifier(Identifier(other)) : IdentifierName(other)));
        }

        if (Removable.Contains(name.Identifier.Text))
        {
            yield return access.Expression;
        }
    }

    // A literal, or the name of a constant: the next number, the next name of the enum, the other truth, no text.
    public static IEnumerable<ExpressionSyntax> OfConstant(ExpressionSyntax expression, SemanticModel model)
    {
        if (expression is not (LiteralExpressionSyntax or IdentifierNameSyntax or MemberAccessExpressionSyntax) || model.GetConstantValue(expression) is not { HasValue: true, Value: { } value })
        {
            return [];
        }

        if (model.GetTypeInfo(expression).Type is { TypeKind: TypeKind.Enum } type)
        {
            return NextName(type, value) is { } next ? [ParseExpression($"{type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)}.{next}")] : [];
        }

        string? text = value switch
        {
            bool truth => truth ? "false" : "true",
            int number => number == int.MaxValue ? null : (number + 1).ToString(CultureInfo.InvariantCulture),
            long number => number == long.MaxValue ? null : (number + 1).ToString(CultureInfo.InvariantCulture) + "L",
            double number => double.IsFinite(number) ? (number + 1).ToString("R", CultureInfo.InvariantCulture) + "d" : null,
            char character => SymbolDisplay.FormatLiteral((char)(character + 1), quote: true),
            string s => s.Length == 0 ? "\"mutated\"" : "\"\"",
            _ => null,
        };
        return text is null ? [] : [ParseExpression(text)];
    }

    private static string? NextName(ITypeSymbol type, object value)
    {
        List<IFieldSymbol> names = [.. type.GetMembers().OfType<IFieldSymbol>().Where(field => field.HasConstantValue)];
        int index = names.FindIndex(field => Equals(field.ConstantValue, value));
        return index < 0 || names.Count < 2 ? null : names[(index + 1) % names.Count].Name;
    }
}
