using System.Buffers;
using System.Globalization;
using System.Text;

namespace Meshpulse.Agent.Export;

/// <summary>
/// Writes one exposition, family after family, as Prometheus text 0.0.4 or OpenMetrics 1.0. The caller says the same in both
/// cases: base names, base units, counts per bucket; suffixes, declarations and the spelling of bounds are the writer's.
/// <para>
/// Mistakes of the program (bad names, a family twice, a sample of another kind, a falling bound, a negative counter) throw, and the
/// page is lost: a scraper that reads half of it would believe it. Mistakes of the data can't happen: label values are made
/// harmless and cut at <see cref="MaxLabelValueLength"/>. The caller sees to it that no two samples of a family have the same labels.
/// </para>
/// Not thread-safe; one writer per scrape.
/// </summary>
public sealed class ExpositionWriter
{
    /// <summary>The longest family, label or unit name, in characters.</summary>
    public const int MaxNameLength = 200;

    /// <summary>The longest label value, in UTF-16 units before escaping; more is cut and ends in an ellipsis.</summary>
    public const int MaxLabelValueLength = 256;

    /// <summary>The longest help text, in UTF-16 units before escaping; more is cut and ends in an ellipsis.</summary>
    public const int MaxHelpLength = 1024;

    /// <summary>The most labels of one sample, <c>le</c> not counted.</summary>
    public const int MaxLabels = 32;

    private readonly IBufferWriter<byte> _output;
    private readonly FamilyNames _families = new();

    // The labels of the current sample, escaped, without braces: a histogram repeats them on thirty lines.
    private readonly ArrayBufferWriter<byte> _labels = new(256);

    private readonly BoundTexts _bounds;

    private string? _name;
    private MetricKind _kind;
    private bool _completed;

    /// <summary>Begins an exposition.</summary>
    /// <param name="output">Takes the UTF-8 text.</param>
    /// <param name="format">The format to write.</param>
    public ExpositionWriter(IBufferWriter<byte> output, ExpositionFormat format)
    {
        ArgumentNullException.ThrowIfNull(output);
        _output = output;
        _bounds = new BoundTexts(format);
        Format = format;
    }

    /// <summary>The format being written.</summary>
    public ExpositionFormat Format { get; }

    /// <summary>Declares a family; the samples that follow are its own.</summary>
    /// <param name="name">The base name, <c>[a-zA-Z_:][a-zA-Z0-9_:]*</c>, without <c>_total</c> or <c>_info</c>.</param>
    /// <param name="kind">What its samples mean.</param>
    /// <param name="help">One sentence; any text is made harmless.</param>
    /// <param name="unit">The unit, which the name must end in (<c>seconds</c>, <c>bytes</c>, <c>ratio</c>); null for none.</param>
    /// <exception cref="ArgumentException">The name or unit is not of that form.</exception>
    /// <exception cref="InvalidOperationException">The name, or one that its samples take, is in use, or the page is complete.</exception>
    public void Family(string name, MetricKind kind, string help, string? unit = null)
    {
        ArgumentNullException.ThrowIfNull(help);
        ThrowIfCompleted();
        CheckFamilyName(name, kind);
        CheckUnit(name, kind, unit);
        _families.Add(name, kind);
        (_name, _kind) = (name, kind);
        if (Format == ExpositionFormat.OpenMetrics)
        {
            Declare("# TYPE "u8, default, OpenMetricsType(kind), MaxNameLength);
            if (unit is not null)
            {
                Declare("# UNIT "u8, default, unit, MaxNameLength);
            }

            Declare("# HELP "u8, default, help, MaxHelpLength);
            return;
        }

        // In this format metadata belongs to the sample's name; there is no base name.
        Declare("# HELP "u8, ScalarSuffix(kind), help, MaxHelpLength);
        Declare("# TYPE "u8, ScalarSuffix(kind), TextType(kind), MaxNameLength);
    }

    /// <summary>Writes a sample of a gauge or counter.</summary>
    /// <param name="value">In the family's base unit. A counter's is neither negative, NaN nor infinite.</param>
    /// <param name="labels">Its labels; names unlike each other.</param>
    /// <exception cref="InvalidOperationException">No gauge or counter is declared, or the page is complete.</exception>
    /// <exception cref="ArgumentException">A label name is bad or there twice, or the value is no counter's.</exception>
    public void Sample(double value, params ReadOnlySpan<Label> labels)
    {
        BeginScalar(value, labels);
        Span<byte> number = stackalloc byte[32];
        WriteLine(ScalarSuffix(_kind), default, number[..ExpositionText.FormatValue(value, number)]);
    }

    /// <summary>Writes a sample of a gauge or counter whose value is a whole number, exact beyond 2⁵³.</summary>
    /// <inheritdoc cref="Sample(double, ReadOnlySpan{Label})" />
    public void Sample(long value, params ReadOnlySpan<Label> labels)
    {
        BeginScalar(value, labels);
        WriteLine(ScalarSuffix(_kind), default, value);
    }

    /// <summary>Writes a sample of an info family, whose value is always 1.</summary>
    /// <param name="labels">The facts.</param>
    /// <exception cref="InvalidOperationException">No info family is declared, or the page is complete.</exception>
    /// <exception cref="ArgumentException">A label name is bad or there twice.</exception>
    public void Info(params ReadOnlySpan<Label> labels)
    {
        RequireKind(_kind == MetricKind.Info);
        EncodeLabels(labels);
        WriteLine(ScalarSuffix(_kind), default, 1);
    }

    /// <summary>Writes one histogram: cumulative <c>_bucket</c> samples up to <c>+Inf</c>, <c>_sum</c> and <c>_count</c>.</summary>
    /// <param name="upperBounds">The inclusive upper bounds in the family's base unit, rising, finite, without <c>+Inf</c>.</param>
    /// <param name="perBucketCounts">
    /// How many observations fell into each bucket, not cumulated; one more than bounds, the last for those above all of them.
    /// </param>
    /// <param name="sum">The sum of all observations, in the same unit.</param>
    /// <param name="labels">Its labels; <c>le</c> is the writer's.</param>
    /// <exception cref="InvalidOperationException">No histogram is declared, or the page is complete.</exception>
    /// <exception cref="ArgumentException">Bounds, counts or labels are not as described.</exception>
    /// <exception cref="OverflowException">The counts add up to more than 2⁶³ − 1.</exception>
    public void Histogram(ReadOnlySpan<double> upperBounds, ReadOnlySpan<long> perBucketCounts, double sum, params ReadOnlySpan<Label> labels)
    {
        RequireKind(_kind == MetricKind.Histogram);
        CheckBuckets(upperBounds, perBucketCounts);
        EncodeLabels(labels);
        var texts = _bounds.Of(upperBounds);
        long count = 0;
        for (var i = 0; i < texts.Length; i++)
        {
            count = checked(count + perBucketCounts[i]);
            WriteLine("_bucket"u8, texts[i], count);
        }

        count = checked(count + perBucketCounts[^1]);
        WriteLine("_bucket"u8, "+Inf"u8, count);
        Span<byte> number = stackalloc byte[32];
        WriteLine("_sum"u8, default, number[..ExpositionText.FormatValue(sum, number)]);
        WriteLine("_count"u8, default, count);
    }

    /// <summary>Ends the page. An OpenMetrics page without its last line counts as cut off.</summary>
    /// <exception cref="InvalidOperationException">It is complete already.</exception>
    public void Complete()
    {
        ThrowIfCompleted();
        _completed = true;
        if (Format == ExpositionFormat.OpenMetrics)
        {
            _output.Write("# EOF\n"u8);
        }
    }

    private static ReadOnlySpan<byte> ScalarSuffix(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "_total"u8,
        MetricKind.Info => "_info"u8,
        _ => default,
    };

    private static string OpenMetricsType(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Histogram => "histogram",
        MetricKind.Info => "info",
        _ => "gauge",
    };

    private static string TextType(MetricKind kind) => kind == MetricKind.Info ? "gauge" : OpenMetricsType(kind);

    private static void CheckFamilyName(string name, MetricKind kind)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!ExpositionText.IsMetricName(name, MaxNameLength))
        {
            throw new ArgumentException($"\"{name}\" is no metric name.", nameof(name));
        }

        foreach (var suffix in FamilyNames.Suffixes(kind))
        {
            if (name.EndsWith(suffix, StringComparison.Ordinal))
            {
                throw new ArgumentException($"Give the base name of {name}, without {suffix}.", nameof(name));
            }
        }
    }

    private static void CheckUnit(string name, MetricKind kind, string? unit)
    {
        if (unit is null)
        {
            return;
        }

        if (kind == MetricKind.Info)
        {
            throw new ArgumentException("An info family has no unit.", nameof(unit));
        }

        var named = unit.Length > 0 && name.Length > unit.Length && name[^(unit.Length + 1)] == '_'
            && name.EndsWith(unit, StringComparison.Ordinal);
        if (!named)
        {
            throw new ArgumentException($"The name {name} does not end in its unit, _{unit}.", nameof(unit));
        }
    }

    private static void CheckBuckets(ReadOnlySpan<double> upperBounds, ReadOnlySpan<long> perBucketCounts)
    {
        if (perBucketCounts.Length != upperBounds.Length + 1)
        {
            throw new ArgumentException("There is one count more than bounds.", nameof(perBucketCounts));
        }

        var previous = double.NegativeInfinity;
        foreach (var bound in upperBounds)
        {
            if (!double.IsFinite(bound) || !(bound > previous))
            {
                throw new ArgumentException("Bounds are finite and rise.", nameof(upperBounds));
            }

            previous = bound;
        }

        foreach (var count in perBucketCounts)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(count, nameof(perBucketCounts));
        }
    }

    private void BeginScalar(double value, ReadOnlySpan<Label> labels)
    {
        RequireKind(_kind is MetricKind.Gauge or MetricKind.Counter);
        if (_kind == MetricKind.Counter && !(value >= 0 && double.IsFinite(value)))
        {
            throw new ArgumentException($"The counter {_name} is negative or not a number.", nameof(value));
        }

        EncodeLabels(labels);
    }

    private void RequireKind(bool isRight)
    {
        ThrowIfCompleted();
        if (_name is null || !isRight)
        {
            throw new InvalidOperationException(_name is null ? "No family is declared." : $"The family {_name} is of another kind.");
        }
    }

    private void ThrowIfCompleted()
    {
        if (_completed)
        {
            throw new InvalidOperationException("The page is complete.");
        }
    }

    private void EncodeLabels(ReadOnlySpan<Label> labels)
    {
        _labels.ResetWrittenCount();
        if (labels.Length > MaxLabels)
        {
            throw new ArgumentException($"More than {MaxLabels} labels.", nameof(labels));
        }

        for (var i = 0; i < labels.Length; i++)
        {
            CheckLabelName(labels, i);
            if (i > 0)
            {
                _labels.Write(","u8);
            }

            ExpositionText.AppendAscii(_labels, labels[i].Name);
            _labels.Write("=\""u8);
            ExpositionText.AppendEscaped(_labels, labels[i].Value, MaxLabelValueLength, escapeQuotes: true);
            _labels.Write("\""u8);
        }
    }

    private void CheckLabelName(ReadOnlySpan<Label> labels, int index)
    {
        var name = labels[index].Name;
        if (!ExpositionText.IsLabelName(name, MaxNameLength) || (_kind == MetricKind.Histogram && name == "le"))
        {
            throw new ArgumentException($"\"{name}\" is no label name of {_name}.", nameof(labels));
        }

        for (var i = 0; i < index; i++)
        {
            if (labels[i].Name == name)
            {
                throw new ArgumentException($"The label {name} of {_name} is there twice.", nameof(labels));
            }
        }
    }

    private void Declare(ReadOnlySpan<byte> keyword, ReadOnlySpan<byte> suffix, string text, int maxLength)
    {
        _output.Write(keyword);
        ExpositionText.AppendAscii(_output, _name);
        _output.Write(suffix);
        _output.Write(" "u8);
        // Only OpenMetrics has an escape for quotes outside label values.
        ExpositionText.AppendEscaped(_output, text, maxLength, escapeQuotes: Format == ExpositionFormat.OpenMetrics);
        _output.Write("\n"u8);
    }

    private void WriteLine(ReadOnlySpan<byte> suffix, ReadOnlySpan<byte> bound, long value)
    {
        Span<byte> number = stackalloc byte[20];
        _ = value.TryFormat(number, out var length, default, CultureInfo.InvariantCulture);
        WriteLine(suffix, bound, number[..length]);
    }

    private void WriteLine(ReadOnlySpan<byte> suffix, ReadOnlySpan<byte> bound, ReadOnlySpan<byte> number)
    {
        var labels = _labels.WrittenSpan;
        var line = _output.GetSpan(_name!.Length + suffix.Length + labels.Length + bound.Length + number.Length + 16);
        var at = Encoding.ASCII.GetBytes(_name, line);
        Put(line, ref at, suffix);
        if (labels.Length > 0 || bound.Length > 0)
        {
            Put(line, ref at, "{"u8);
            Put(line, ref at, labels);
            PutBound(line, ref at, bound, labels.Length > 0);
            Put(line, ref at, "}"u8);
        }

        Put(line, ref at, " "u8);
        Put(line, ref at, number);
        Put(line, ref at, "\n"u8);
        _output.Advance(at);
    }

    private static void PutBound(Span<byte> line, ref int at, ReadOnlySpan<byte> bound, bool follows)
    {
        if (bound.Length > 0)
        {
            Put(line, ref at, follows ? ",le=\""u8 : "le=\""u8);
            Put(line, ref at, bound);
            Put(line, ref at, "\""u8);
        }
    }

    private static void Put(Span<byte> line, ref int at, ReadOnlySpan<byte> part)
    {
        part.CopyTo(line[at..]);
        at += part.Length;
    }
}
