using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;
using System.Text;
using Amazon.DynamoDBv2.Model.Internal.MarshallTransformations;
using DigestStore.DynamoDb;

namespace DigestStore.UnitTests.DynamoDb;

/// <summary>
/// The members that the SDK reads are taken from its compiled code, so that a new version of the SDK that reads one more fails here. A
/// member that <see cref="AnswerMembers"/> does not know is let through whatever its type is, and the SDK may read it for ever.
/// </summary>
public sealed class SdkMembersTests
{
    [Theory]
    [InlineData("PageAnswer", typeof(QueryResponseUnmarshaller), 5)]
    [InlineData("LookupAnswer", typeof(BatchGetItemResponseUnmarshaller), 3)]
    [InlineData("WriteAnswer", typeof(BatchWriteItemResponseUnmarshaller), 3)]
    [InlineData("UpdateAnswer", typeof(UpdateItemResponseUnmarshaller), 3)]
    [InlineData("Capacity", typeof(ConsumedCapacityUnmarshaller), 8)]
    [InlineData("Capacity", typeof(CapacityUnmarshaller), 3)]
    [InlineData("VectorCapacity", typeof(VectorCapacityUnmarshaller), 2)]
    [InlineData("AttributeValue", typeof(AttributeValueUnmarshaller), 10)]
    [InlineData("Keys", typeof(KeysAndAttributesUnmarshaller), 5)]
    [InlineData("Write", typeof(WriteRequestUnmarshaller), 2)]
    [InlineData("Put", typeof(PutRequestUnmarshaller), 1)]
    [InlineData("Delete", typeof(DeleteRequestUnmarshaller), 1)]
    public void Every_member_that_the_SDK_reads_is_checked(string structure, Type unmarshaller, int count)
    {
        string[] read = [.. TextsIn(unmarshaller.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly).Where(method => method.Name == "Unmarshall"))];

        Assert.True(count == read.Length, string.Join(", ", read));
        Assert.All(read, name => Assert.DoesNotContain(AnswerMembers.ShapeOf(Enum.Parse<Shape>(structure), Encoding.UTF8.GetBytes(name)), new[] { Shape.Forbidden, Shape.Ignored }));
    }

    // The operands of every instruction that loads a text: 0x72, then the text's token.
    private static IEnumerable<string> TextsIn(IEnumerable<MethodInfo> methods)
    {
        foreach (MethodInfo method in methods)
        {
            byte[] code = method.GetMethodBody()!.GetILAsByteArray()!;
            for (int at = Array.IndexOf(code, (byte)OpCodes.Ldstr.Value); at >= 0; at = Array.IndexOf(code, (byte)OpCodes.Ldstr.Value, at + 1))
            {
                int token = code.Length - at > sizeof(int) ? BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at + 1)) : 0;
                if (token >>> 24 == 0x70)
                {
                    yield return method.Module.ResolveString(token);
                }
            }
        }
    }
}
