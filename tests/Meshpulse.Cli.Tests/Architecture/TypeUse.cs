using System.Reflection;
using System.Reflection.Emit;

namespace Meshpulse.Cli.Tests.Architecture;

/// <summary>
/// Every type that a type refers to: in its declaration, its members' signatures, its attributes, and in the instructions of
/// its methods, which name what they call, create, cast to and read.
/// </summary>
internal static class TypeUse
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> s_codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!).ToDictionary(c => c.Value);

    public static HashSet<Type> Of(Type type)
    {
        var found = new HashSet<Type>();
        Add(found, type.BaseType);
        AddAll(found, type.GetInterfaces());
        AddAll(found, type.GetGenericArguments().Where(a => a.IsGenericParameter).SelectMany(a => a.GetGenericParameterConstraints()));
        AddAll(found, type.GetCustomAttributesData().Select(a => a.AttributeType));
        AddAll(found, type.GetFields(Declared).Select(f => f.FieldType));
        foreach (var member in type.GetMembers(Declared))
        {
            AddAll(found, member.GetCustomAttributesData().Select(a => a.AttributeType));
        }

        foreach (var method in type.GetMethods(Declared).Cast<MethodBase>().Concat(type.GetConstructors(Declared)))
        {
            AddSignature(found, method);
            if (method.GetMethodBody() is { } body)
            {
                AddAll(found, body.LocalVariables.Select(l => l.LocalType));
                AddAll(found, body.ExceptionHandlingClauses.Where(c => c.Flags == ExceptionHandlingClauseOptions.Clause).Select(c => c.CatchType));
                AddInstructions(found, method, body.GetILAsByteArray() ?? []);
            }
        }

        found.Remove(type);
        return found;
    }

    private static void AddInstructions(HashSet<Type> found, MethodBase method, byte[] code)
    {
        for (var at = 0; at < code.Length;)
        {
            var value = code[at] == 0xfe ? unchecked((short)(0xfe00 | code[at + 1])) : code[at];
            at += code[at] == 0xfe ? 2 : 1;
            var operand = s_codes[value].OperandType;
            if (operand is OperandType.InlineType or OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineTok)
            {
                AddMember(found, Resolve(method, BitConverter.ToInt32(code, at)));
            }

            at += operand switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }
    }

    private static MemberInfo? Resolve(MethodBase method, int token) => method.Module.ResolveMember(
        token,
        method.DeclaringType?.GetGenericArguments(),
        method.IsGenericMethod ? method.GetGenericArguments() : null);

    private static void AddMember(HashSet<Type> found, MemberInfo? member)
    {
        Add(found, member as Type ?? member?.DeclaringType);
        switch (member)
        {
            case FieldInfo field:
                Add(found, field.FieldType);
                break;
            case MethodBase method:
                AddSignature(found, method);
                break;
        }
    }

    private static void AddSignature(HashSet<Type> found, MethodBase method)
    {
        Add(found, (method as MethodInfo)?.ReturnType);
        AddAll(found, method.GetParameters().Select(p => p.ParameterType));
        if (method.IsGenericMethod)
        {
            AddAll(found, method.GetGenericArguments());
        }
    }

    private static void AddAll(HashSet<Type> found, IEnumerable<Type?> types)
    {
        foreach (var type in types)
        {
            Add(found, type);
        }
    }

    private static void Add(HashSet<Type> found, Type? type)
    {
        while (type is { HasElementType: true })
        {
            type = type.GetElementType();
        }

        if (type is null || type.IsGenericParameter)
        {
            return;
        }

        if (type.IsGenericType)
        {
            AddAll(found, type.GenericTypeArguments);
            type = type.GetGenericTypeDefinition();
        }

        found.Add(type);
    }
}
