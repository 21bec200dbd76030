using System.Runtime.InteropServices;
using Meshpulse.Cli.Tests.Architecture.Samples.High;

// Each breaks the rule that Low uses nothing of High, in a way of its own. One file: they mean nothing alone.
#pragma warning disable MA0048
namespace Meshpulse.Cli.Tests.Architecture.Samples.Low;

internal sealed class InAField
{
    public HighAttribute? Thing { get; set; }
}

internal abstract class InAParameter
{
    public abstract void Take(HighAttribute[] things);
}

internal abstract class InAReturn
{
    public abstract IReadOnlyDictionary<string, List<HighAttribute>> Give();
}

internal abstract class InABase : List<HighAttribute>;

[High]
internal sealed class InAnAttribute;

internal sealed class InACall
{
    public static int Count() => HighAttribute.Count;
}

internal sealed class InAGenericCall
{
    public static bool Make() => Equals(Array.Empty<HighAttribute>(), null);
}

internal sealed class InATest
{
    public static bool Is(object value) => value is HighAttribute;
}

internal sealed class InALambda
{
    public static Func<int> Later() => () => HighAttribute.Count;
}

internal sealed class InAConstraint<T>
    where T : HighAttribute
{
    public T? Thing { get; set; }
}

internal sealed class InNothing
{
    public static int Count(List<string> names) => names.Sum(n => n.Length);

    [DllImport("libc", EntryPoint = "getpid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int NativeCall();
}
