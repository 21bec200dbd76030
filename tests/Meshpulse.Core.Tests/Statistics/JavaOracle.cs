using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Meshpulse.Core.Statistics;

namespace Meshpulse.Core.Tests.Statistics;

/// <summary>
/// One Java process for a test class, which answers with the figures of the Java HdrHistogram (Oracle/Oracle.java).
/// <see cref="Describe"/> writes the same text from ours.
/// </summary>
public sealed class JavaOracle : IDisposable
{
    private const string Jar = "/usr/share/java/hdrhistogram.jar";

    private readonly StringBuilder _errors = new();
    private Process? _java;

    /// <summary>The answer, as one line; skips the test where there is no oracle to ask.</summary>
    public string Ask(string request)
    {
        Assert.SkipUnless(File.Exists(Jar), $"{Jar} is missing: apt-get install libhdrhistogram-java");
        Assert.SkipUnless(
            (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(p => File.Exists(Path.Combine(p, "java"))),
            "java is missing: apt-get install default-jdk-headless");

        _java ??= Start();
        _java.StandardInput.WriteLine(request);
        _java.StandardInput.Flush();
        return _java.StandardOutput.ReadLine() ?? throw new InvalidOperationException(Errors());
    }

    public static string Describe(HdrHistogram h)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"total={h.TotalCount} min={h.Min} max={h.Max}");
        text.Append(CultureInfo.InvariantCulture, $" mean={Bits(h.Mean)} deviation={Bits(h.StandardDeviation)} percentiles=");
        for (var i = 0; i <= 200; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{h.ValueAtPercentile(i < 190 ? i / 2.0 : 100 - Math.Sqrt(200 - i))},");
        }

        text.Append(" counts=");
        foreach (var bucket in h.Buckets)
        {
            text.Append(CultureInfo.InvariantCulture, $"{bucket.Lowest}~{h.Geometry.MedianEquivalent(bucket.Highest)}~{bucket.Highest}:{bucket.Count},");
        }

        text.Append(" below=");
        foreach (var high in h.Buckets.Where((_, i) => i % 50 == 0).Select(b => b.Highest))
        {
            text.Append(CultureInfo.InvariantCulture, $"{Bits(h.PercentileAtOrBelow(high))}/{h.CountBetween(high / 2, high)},");
        }

        return text.Append(" plain=").Append(Convert.ToBase64String(HdrEncoding.Encode(h))).ToString();
    }

    public void Dispose()
    {
        if (_java is not null)
        {
            // At the end of its input the oracle leaves by itself.
            _java.StandardInput.Close();
            _java.WaitForExit();
            _java.Dispose();
        }
    }

    private Process Start()
    {
        var start = new ProcessStartInfo("java")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])["-XX:+UseSerialGC", "-cp", Jar, Program()])
        {
            start.ArgumentList.Add(argument);
        }

        var java = Process.Start(start)!;
        java.ErrorDataReceived += (_, e) =>
        {
            lock (_errors)
            {
                _errors.AppendLine(e.Data);
            }
        };
        java.BeginErrorReadLine();
        return java;
    }

    private string Errors()
    {
        _java!.WaitForExit();
        lock (_errors)
        {
            return $"The oracle ended with {_java.ExitCode}: {_errors}";
        }
    }

    private static string Program([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Oracle", "Oracle.java");

    private static long Bits(double value) => BitConverter.DoubleToInt64Bits(value);
}
