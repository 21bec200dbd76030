using System.Buffers;
using Meshpulse.Core.Statistics;

namespace Meshpulse.Agent.History;

/// <summary>
/// The flows of a window in few bytes: most have sent a handful and got it all back. For each the port (as the difference from the one before), the code
/// point with a mark of which counts are not zero, and those; every number in variable length (<see cref="ZigZagLeb128"/>).
/// </summary>
internal static class FlowBlob
{
    private const int MaxFlows = 4_096;
    private const int Counts = 9;

    public static byte[] Write(IReadOnlyCollection<FlowTally> flows)
    {
        var writer = new ArrayBufferWriter<byte>(16 + (flows.Count * 8));
        var port = 0;
        foreach (var flow in flows)
        {
            Write(writer, flow.SourcePort - port);
            port = flow.SourcePort;
            long[] counts = [flow.Sent, flow.Unsent, flow.Answered, flow.Late, flow.LostForward, flow.LostBackward, flow.LostUnknown, flow.Duplicates, flow.Reordered];
            var present = 0L;
            for (var i = 0; i < Counts; i++)
            {
                present |= counts[i] == 0 ? 0 : 1L << i;
            }

            Write(writer, present | ((long)flow.Dscp << Counts));
            foreach (var count in counts.Where(c => c != 0))
            {
                Write(writer, count);
            }
        }

        return writer.WrittenSpan.ToArray();
    }

    /// <summary>Reads them.</summary>
    /// <exception cref="FormatException">The bytes are not that.</exception>
    public static List<FlowTally> Read(ReadOnlySpan<byte> bytes)
    {
        var flows = new List<FlowTally>();
        Span<long> counts = stackalloc long[Counts];
        var port = 0L;
        while (!bytes.IsEmpty)
        {
            port += Read(ref bytes);
            var head = Read(ref bytes);
            if (port is < 0 or > ushort.MaxValue || head < 0 || head >> Counts > 63 || flows.Count == MaxFlows)
            {
                throw new FormatException("These are no flows.");
            }

            for (var i = 0; i < Counts; i++)
            {
                counts[i] = (head & (1L << i)) == 0 ? 0 : Read(ref bytes);
            }

            flows.Add(new FlowTally((int)port, (int)(head >> Counts), counts[0], counts[1], counts[2], counts[3], counts[4], counts[5], counts[6], counts[7], counts[8]));
        }

        return flows;
    }

    private static void Write(ArrayBufferWriter<byte> writer, long value) =>
        writer.Advance(ZigZagLeb128.Write(writer.GetSpan(ZigZagLeb128.MaximumLength), value));

    private static long Read(ref ReadOnlySpan<byte> bytes) =>
        ZigZagLeb128.TryRead(ref bytes, out var value) ? value : throw new FormatException("The flows end within a number.");
}
