using System.Diagnostics;

namespace Meshpulse.Linux.Tests.Interop;

/// <summary>Compiles and runs a C program that prints lines of a key, a space and a value.</summary>
internal static class CProgram
{
    public static Dictionary<string, string> Run(IEnumerable<string> headers, IEnumerable<string> statements)
    {
        var directory = Directory.CreateTempSubdirectory("meshpulse-c-");
        try
        {
            var source = Path.Combine(directory.FullName, "layout.c");
            var program = Path.Combine(directory.FullName, "layout");
            File.WriteAllLines(source,
            [
                "#define _GNU_SOURCE",
                "#include <stddef.h>",
                "#include <stdio.h>",
                .. headers.Select(h => $"#include <{h}>"),
                "int main(void) {",
                .. statements,
                "return 0; }",
            ]);
            _ = Output("gcc", ["-std=gnu11", "-o", program, source]);
            return Output(program, [])
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split(' ', 2))
                .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    public static void SkipWithoutCompiler() =>
        Assert.SkipUnless(
            (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(d => File.Exists(Path.Combine(d, "gcc"))),
            "gcc and the C library's headers are needed to compare our structures with theirs");

    private static string Output(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} said:\n{errors.GetAwaiter().GetResult()}");
        return output;
    }
}
