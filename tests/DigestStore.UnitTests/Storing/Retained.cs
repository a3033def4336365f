using System.Reflection;
using System.Runtime.CompilerServices;

namespace DigestStore.UnitTests.Storing;

// The bytes of the arrays that an object holds, however deep: exact, and independent of the garbage collector and of other tests.
internal static class Retained
{
    public static long Bytes(object root) => Bytes(root, new HashSet<object>(ReferenceEqualityComparer.Instance));

    private static long Bytes(object value, HashSet<object> seen)
    {
        Type type = value.GetType();
        if (type.IsPrimitive || type.IsEnum || !seen.Add(value))
        {
            return 0;
        }

        if (value is Array array)
        {
            Type element = type.GetElementType()!;
            return element.IsValueType
                ? (long)array.Length * SizeOf(element)
                : ((long)array.Length * IntPtr.Size) + array.Cast<object?>().OfType<object>().Sum(member => Bytes(member, seen));
        }

        long bytes = 0;
        foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        {
            if (!field.FieldType.IsValueType && field.GetValue(value) is { } member)
            {
                bytes += Bytes(member, seen);
            }
        }

        return bytes;
    }

    private static int SizeOf(Type element) =>
        (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(element).Invoke(null, null)!;
}
