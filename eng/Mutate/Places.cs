using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Mutate;

// Where a change is of use, and where the language allows a switch.
internal static class Places
{
    private const int LongList = 20;
    private const int SamplesOfLongList = 10;

    // Neither it nor what is in it is changed: what only the compiler reads, and what no test can see or should pin.
    public static bool IsLeftAlone(SyntaxNode node, SemanticModel model) => node switch
    {
        PatternSyntax or SwitchLabelSyntax or AttributeListSyntax or BaseListSyntax or ParameterListSyntax or TypeArgumentListSyntax or TypeSyntax { Parent: not ExpressionSyntax and not ArgumentSyntax and not ArrowExpressionClauseSyntax and not EqualsValueClauseSyntax and not ReturnStatementSyntax and not ExpressionElementSyntax and not InterpolationSyntax } and not IdentifierNameSyntax => true,
        FieldDeclarationSyntax field => field.Modifiers.Any(SyntaxKind.ConstKeyword),
        LocalDeclarationStatementSyntax local => local.Modifiers.Any(SyntaxKind.ConstKeyword),
        EnumDeclarationSyntax or DelegateDeclarationSyntax or NameColonSyntax or NameEqualsSyntax => true,
        // Capacities and which thread goes on: only speed depends on them. Texts of exceptions are for people.
        InvocationExpressionSyntax call => call.Expression.ToString() is "nameof" || NameOf(call) is "ConfigureAwait" && !HasCallInside(call),
        ArgumentListSyntax { Parent: InvocationExpressionSyntax call } => NameOf(call) is "ConfigureAwait" or "EnsureCapacity",
        ArgumentListSyntax { Parent: BaseObjectCreationExpressionSyntax creation } => IsCapacityOrText(creation, model),
        CollectionElementSyntax element => IsBeyondSample(((CollectionExpressionSyntax)element.Parent!).Elements, element),
        _ => false,
    };

    public static bool CanSwitch(ExpressionSyntax expression, SemanticModel model)
    {
        SyntaxNode? parent = expression.Parent;
        bool isPlace = parent switch
        {
            AssignmentExpressionSyntax assignment => assignment.Left == expression,
            ArgumentSyntax argument => argument.RefKindKeyword.RawKind != 0,
            PrefixUnaryExpressionSyntax or PostfixUnaryExpressionSyntax => expression is not (LiteralExpressionSyntax or ParenthesizedExpressionSyntax or BinaryExpressionSyntax or InvocationExpressionSyntax or IsPatternExpressionSyntax or PrefixUnaryExpressionSyntax)
                && !parent.IsKind(SyntaxKind.LogicalNotExpression),
            MemberAccessExpressionSyntax access => access.Name == expression,
            ExpressionStatementSyntax or RefExpressionSyntax or NameColonSyntax or NameEqualsSyntax or QualifiedNameSyntax => true,
            _ => false,
        };
        return !isPlace && !IsAfterQuestionMark(expression) && model.GetTypeInfo(expression).Type is not { SpecialType: SpecialType.System_Void };
    }

    public static string MemberOf(SyntaxNode node)
    {
        MemberDeclarationSyntax? member = node.FirstAncestorOrSelf<MemberDeclarationSyntax>();
        string name = member switch
        {
            MethodDeclarationSyntax method => method.Identifier.Text,
            PropertyDeclarationSyntax property => property.Identifier.Text,
            ConstructorDeclarationSyntax => "constructor",
            IndexerDeclarationSyntax => "this[]",
            OperatorDeclarationSyntax @operator => "operator " + @operator.OperatorToken.Text,
            BaseFieldDeclarationSyntax field => field.Declaration.Variables[0].Identifier.Text,
            _ => "constructor",
        };
        return $"{member?.FirstAncestorOrSelf<TypeDeclarationSyntax>()?.Identifier.Text}.{name}";
    }

    private static bool HasCallInside(InvocationExpressionSyntax configureAwait) => configureAwait.Expression is MemberAccessExpressionSyntax;

    private static string? NameOf(InvocationExpressionSyntax call) => (call.Expression as MemberAccessExpressionSyntax)?.Name.Identifier.Text;

    private static bool IsCapacityOrText(BaseObjectCreationExpressionSyntax creation, SemanticModel model)
    {
        ITypeSymbol? type = model.GetTypeInfo(creation).Type;
        for (ITypeSymbol? ancestor = type; ancestor is not null; ancestor = ancestor.BaseType)
        {
            if (ancestor.ToDisplayString() == "System.Exception")
            {
                return true;
            }
        }

        return type?.ContainingNamespace?.ToDisplayString() == "System.Collections.Generic"
            && creation.ArgumentList is { Arguments: [{ } only] } && model.GetTypeInfo(only.Expression).Type?.SpecialType == SpecialType.System_Int32;
    }

    // A test of a long table pins all of it or samples of it: a few entries tell which.
    private static bool IsBeyondSample(SeparatedSyntaxList<CollectionElementSyntax> list, CollectionElementSyntax element) =>
        list.Count > LongList && list.IndexOf(element) % (list.Count / SamplesOfLongList) != 0;

    private static bool IsAfterQuestionMark(ExpressionSyntax expression) =>
        expression.Ancestors().OfType<ConditionalAccessExpressionSyntax>().Any(access =>
            access.WhenNotNull.Span.Contains(expression.Span) && access.WhenNotNull.SpanStart == expression.SpanStart);
}
