namespace Meshpulse.Cli.Tests.Architecture.Samples.High;

[AttributeUsage(AttributeTargets.Class)]
public class HighAttribute : Attribute
{
    public static int Count => 3;

    public static T Make<T>()
        where T : new() => new();
}
