using System.Text;

namespace DigestStore.DynamoDb;

// The JSON type that a value in DynamoDB's response must have.
internal enum Shape
{
    // No value is valid: the SDK would take the member's name for one of DynamoDB's, although it is spelled differently.
    Forbidden,

    // Any value is valid, because the SDK skips members of this name.
    Ignored,

    // The member is valid only as null or {}, because no request of the library asks for it.
    EmptyObject,
    Text,
    Bytes,
    Flag,
    Integer,
    Number,
    PageAnswer,
    LookupAnswer,
    WriteAnswer,
    UpdateAnswer,
    Capacity,
    CapacityList,
    CapacityByIndex,
    VectorCapacity,
    VectorCapacityByIndex,
    AttributeMap,
    AttributeMapList,
    AttributeMapListByTable,
    AttributeValue,
    AttributeValueList,
    TextList,
    TextByName,
    BytesList,
    Write,
    WriteList,
    WriteListByTable,
    Put,
    Delete,
    Keys,
    KeysByTable,
}

// The members of each structure that the SDK reads, and their types: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations.html
internal static class AnswerMembers
{
    private static readonly Member[] Page =
    [
        new("Items", Shape.AttributeMapList), new("Count", Shape.Integer), new("ScannedCount", Shape.Integer),
        new("LastEvaluatedKey", Shape.AttributeMap), new("ConsumedCapacity", Shape.Capacity),
    ];

    private static readonly Member[] Lookup =
    [
        new("Responses", Shape.AttributeMapListByTable), new("UnprocessedKeys", Shape.KeysByTable), new("ConsumedCapacity", Shape.CapacityList),
    ];

    private static readonly Member[] Writes =
    [
        new("UnprocessedItems", Shape.WriteListByTable), new("ConsumedCapacity", Shape.CapacityList), new("ItemCollectionMetrics", Shape.EmptyObject),
    ];

    private static readonly Member[] Update =
    [
        new("Attributes", Shape.AttributeMap), new("ConsumedCapacity", Shape.Capacity), new("ItemCollectionMetrics", Shape.EmptyObject),
    ];

    private static readonly Member[] Capacity =
    [
        new("TableName", Shape.Text), new("CapacityUnits", Shape.Number), new("ReadCapacityUnits", Shape.Number), new("WriteCapacityUnits", Shape.Number),
        new("Table", Shape.Capacity), new("LocalSecondaryIndexes", Shape.CapacityByIndex), new("GlobalSecondaryIndexes", Shape.CapacityByIndex),
        new("VectorIndexes", Shape.VectorCapacityByIndex),
    ];

    private static readonly Member[] VectorCapacity = [new("VectorSearchRequestBytes", Shape.Number), new("VectorWriteRequestBytes", Shape.Number)];

    private static readonly Member[] AttributeValue =
    [
        new("S", Shape.Text), new("N", Shape.Text), new("B", Shape.Bytes), new("BOOL", Shape.Flag), new("NULL", Shape.Flag), new("M", Shape.AttributeMap),
        new("L", Shape.AttributeValueList), new("SS", Shape.TextList), new("NS", Shape.TextList), new("BS", Shape.BytesList),
    ];

    private static readonly Member[] Keys =
    [
        new("Keys", Shape.AttributeMapList), new("ConsistentRead", Shape.Flag), new("AttributesToGet", Shape.TextList),
        new("ProjectionExpression", Shape.Text), new("ExpressionAttributeNames", Shape.TextByName),
    ];

    private static readonly Member[] Write = [new("PutRequest", Shape.Put), new("DeleteRequest", Shape.Delete)];
    private static readonly Member[] Put = [new("Item", Shape.AttributeMap)];
    private static readonly Member[] Delete = [new("Key", Shape.AttributeMap)];

    // The SDK ignores the case of a name and everything up to its last slash (AWSSDK.Core 4.1, UnmarshallerContext.TestExpression). A name
    // that only the SDK would recognize is therefore forbidden.
    public static Shape ShapeOf(Shape structure, ReadOnlySpan<byte> name)
    {
        foreach (Member member in MembersOf(structure))
        {
            if (name.SequenceEqual(member.Name))
            {
                return member.Shape;
            }

            if (Ascii.EqualsIgnoreCase(name, member.Name))
            {
                return Shape.Forbidden;
            }
        }

        return name.Contains((byte)'/') || !Ascii.IsValid(name) ? Shape.Forbidden : Shape.Ignored;
    }

    // The shape of every value of a map, whose names are free to choose. Null if the shape is not a map.
    public static Shape? MapValueShape(Shape map) => map switch
    {
        Shape.AttributeMap => Shape.AttributeValue,
        Shape.AttributeMapListByTable => Shape.AttributeMapList,
        Shape.WriteListByTable => Shape.WriteList,
        Shape.KeysByTable => Shape.Keys,
        Shape.CapacityByIndex => Shape.Capacity,
        Shape.VectorCapacityByIndex => Shape.VectorCapacity,
        Shape.TextByName => Shape.Text,
        _ => null,
    };

    // Null if the shape is not a list.
    public static Shape? ListElementShape(Shape list) => list switch
    {
        Shape.TextList => Shape.Text,
        Shape.BytesList => Shape.Bytes,
        Shape.AttributeValueList => Shape.AttributeValue,
        Shape.AttributeMapList => Shape.AttributeMap,
        Shape.CapacityList => Shape.Capacity,
        Shape.WriteList => Shape.Write,
        _ => null,
    };

    private static Member[] MembersOf(Shape structure) => structure switch
    {
        Shape.AttributeValue => AttributeValue,
        Shape.PageAnswer => Page,
        Shape.LookupAnswer => Lookup,
        Shape.WriteAnswer => Writes,
        Shape.UpdateAnswer => Update,
        Shape.Capacity => Capacity,
        Shape.VectorCapacity => VectorCapacity,
        Shape.Write => Write,
        Shape.Put => Put,
        Shape.Delete => Delete,
        Shape.Keys => Keys,
        _ => [],
    };

    private sealed class Member(string name, Shape shape)
    {
        public byte[] Name { get; } = Encoding.ASCII.GetBytes(name);

        public Shape Shape { get; } = shape;
    }
}
