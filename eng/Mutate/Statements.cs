using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;
using static Microsoft.CodeAnalysis.CSharp.SyntaxKind;

namespace Mutate;

// What a statement can be replaced by: nothing, or the opposite assignment.
internal static class Statements
{
    public static IEnumerable<StatementSyntax> Of(StatementSyntax statement) => statement switch
    {
        ExpressionStatementSyntax { Expression: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "EnsureCapacity" } } } => [],
        ExpressionStatementSyntax action => [Block(), .. Others(action.Expression).Select(ExpressionStatement)],
        YieldStatementSyntax { RawKind: (int)YieldReturnStatement } => [Block()],
        // Alone in its block it goes with the condition of the block.
        ReturnStatementSyntax or ThrowStatementSyntax or ContinueStatementSyntax or BreakStatementSyntax when statement.Parent is BlockSyntax { Statements.Count: > 1 } => [Block()],
        _ => [],
    };

    private static IEnumerable<ExpressionSyntax> Others(ExpressionSyntax expression) => expression.Kind() switch
    {
        AddAssignmentExpression => [Assign(expression, SubtractAssignmentExpression)],
        SubtractAssignmentExpression => [Assign(expression, AddAssignmentExpression)],
        OrAssignmentExpression => [Assign(expression, AndAssignmentExpression), Assign(expression, SimpleAssignmentExpression)],
        AndAssignmentExpression => [Assign(expression, OrAssignmentExpression), Assign(expression, SimpleAssignmentExpression)],
        CoalesceAssignmentExpression => [Assign(expression, SimpleAssignmentExpression)],
        PostIncrementExpression => [PostfixUnaryExpression(PostDecrementExpression, ((PostfixUnaryExpressionSyntax)expression).Operand)],
        PostDecrementExpression => [PostfixUnaryExpression(PostIncrementExpression, ((PostfixUnaryExpressionSyntax)expression).Operand)],
        _ => [],
    };

    private static AssignmentExpressionSyntax Assign(ExpressionSyntax expression, SyntaxKind kind)
    {
        var assignment = (AssignmentExpressionSyntax)expression;
        return AssignmentExpression(kind, assignment.Left, assignment.Right);
    }
}
