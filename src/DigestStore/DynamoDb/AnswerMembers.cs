using System.Text;

namespace DigestStore.DynamoDb;

// What a place in an answer may hold.
internal enum Shape
{
    // A name that the SDK may take for one of DynamoDB's, and that is not one.
    None,

    // A name that the SDK passes over, whatever is behind it.
    Any,

    // What no request asks for: null or {}.
    Unasked,
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

// The members that the SDK reads of each structure: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations.html
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
        new("UnprocessedItems", Shape.WriteListByTable), new("ConsumedCapacity", Shape.CapacityList), new("ItemCollectionMetrics", Shape.Unasked),
    ];

    private static readonly Member[] Update =
    [
        new("Attributes", Shape.AttributeMap), new("ConsumedCapacity", Shape.Capacity), new("ItemCollectionMetrics", Shape.Unasked),
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

    // The SDK compares names without case, and only the part behind the last slash (AWSSDK.Core 4.1, UnmarshallerContext.TestExpression).
    public static Shape Of(Shape structure, ReadOnlySpan<byte> name)
    {
        foreach (Member member in MembersOf(structure))
        {
            if (name.SequenceEqual(member.Name))
            {
                return member.Shape;
            }

            if (Ascii.EqualsIgnoreCase(name, member.Name))
            {
                return Shape.None;
            }
        }

        return name.Contains((byte)'/') || !Ascii.IsValid(name) ? Shape.None : Shape.Any;
    }

    // What each value of a map has, whose names are anybody's; null for what is no map.
    public static Shape? OfValue(Shape map) => map switch
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

    public static Shape? OfElement(Shape list) => list switch
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
