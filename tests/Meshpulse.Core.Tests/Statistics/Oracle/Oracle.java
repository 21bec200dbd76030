import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.DataFormatException;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.HdrHistogram.HistogramLogReader;
import org.HdrHistogram.HistogramLogWriter;

/** Answers, a line per line, what the Java HdrHistogram makes of a request. JavaOracle.cs asks and lists the requests. */
public final class Oracle {
    public static void main(String[] args) throws Exception {
        var requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line; (line = requests.readLine()) != null; ) {
            System.out.println(answer(line.split(" ")));
            System.out.flush();
        }
    }

    private static String answer(String[] request) throws DataFormatException {
        switch (request[0]) {
            case "record":
                return describe(record(request));
            case "decode":
                return describe(decode(request[1]));
            case "readlog":
                return readLog(request[1]);
            case "writelog":
                return writeLog(request);
            default:
                throw new IllegalArgumentException(request[0]);
        }
    }

    /** record highest digits lowest interval value... */
    private static Histogram record(String[] request) {
        long[] numbers = Arrays.stream(request).skip(1).mapToLong(Long::parseLong).toArray();
        var histogram = new Histogram(numbers[2], numbers[0], (int) numbers[1]);
        for (int i = 4; i < numbers.length; i++) {
            histogram.recordValueWithExpectedInterval(numbers[i], numbers[3]);
        }
        return histogram;
    }

    /** Every figure as text, doubles by their bits: equal text is equal to the last bit. */
    private static String describe(Histogram h) {
        var text = new StringBuilder();
        text.append("total=").append(h.getTotalCount());
        text.append(" min=").append(h.getMinValue());
        text.append(" max=").append(h.getMaxValue());
        text.append(" mean=").append(Double.doubleToLongBits(h.getMean()));
        text.append(" deviation=").append(Double.doubleToLongBits(h.getStdDeviation()));
        text.append(" percentiles=");
        for (int i = 0; i <= 200; i++) {
            text.append(h.getValueAtPercentile(i < 190 ? i / 2.0 : 100 - Math.sqrt(200 - i))).append(',');
        }
        text.append(" counts=");
        for (HistogramIterationValue v : h.recordedValues()) {
            long high = v.getValueIteratedTo();
            text.append(h.lowestEquivalentValue(high)).append('~').append(h.medianEquivalentValue(high)).append('~').append(high);
            text.append(':').append(v.getCountAtValueIteratedTo()).append(',');
        }
        text.append(" below=");
        int bucket = 0;
        for (HistogramIterationValue v : h.recordedValues()) {
            if (bucket++ % 50 == 0) {
                long high = v.getValueIteratedTo();
                text.append(Double.doubleToLongBits(h.getPercentileAtOrBelowValue(high))).append('/');
                text.append(h.getCountBetweenValues(high / 2, high)).append(',');
            }
        }
        return text.append(" plain=").append(plain(h)).append(" compressed=").append(compressed(h)).toString();
    }

    private static String plain(Histogram h) {
        var buffer = ByteBuffer.allocate(h.getNeededByteBufferCapacity());
        return base64(buffer, h.encodeIntoByteBuffer(buffer));
    }

    private static String compressed(Histogram h) {
        var buffer = ByteBuffer.allocate(h.getNeededByteBufferCapacity());
        return base64(buffer, h.encodeIntoCompressedByteBuffer(buffer));
    }

    private static String base64(ByteBuffer buffer, int length) {
        return Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), length));
    }

    private static Histogram decode(String base64) throws DataFormatException {
        return Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(Base64.getDecoder().decode(base64)), 0);
    }

    /** The log's start time, then tag, start, end and plain encoding of each interval. */
    private static String readLog(String base64) {
        var reader = new HistogramLogReader(new ByteArrayInputStream(Base64.getDecoder().decode(base64)));
        var text = new StringBuilder();
        for (EncodableHistogram h; (h = reader.nextIntervalHistogram()) != null; ) {
            text.append(' ').append(h.getTag()).append(' ').append(h.getStartTimeStamp()).append(' ').append(h.getEndTimeStamp());
            text.append(' ').append(plain((Histogram) h));
        }
        return Double.doubleToLongBits(reader.getStartTimeSec()) + text.toString();
    }

    /** writelog startMillis baseMillis (tag|- startMillis endMillis compressed)... */
    private static String writeLog(String[] request) throws DataFormatException {
        var bytes = new ByteArrayOutputStream();
        var writer = new HistogramLogWriter(bytes);
        long base = Long.parseLong(request[2]);
        writer.outputLogFormatVersion();
        writer.outputStartTime(Long.parseLong(request[1]));
        if (base != 0) {
            writer.outputBaseTime(base);
            writer.setBaseTime(base);
        }
        writer.outputLegend();
        for (int i = 3; i < request.length; i += 4) {
            Histogram h = decode(request[i + 3]);
            h.setTag(request[i].equals("-") ? null : request[i]);
            h.setStartTimeStamp(Long.parseLong(request[i + 1]));
            h.setEndTimeStamp(Long.parseLong(request[i + 2]));
            writer.outputIntervalHistogram(h);
        }
        writer.close();
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
}
